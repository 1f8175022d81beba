"""What a store holds of the ontology: its classes, properties and concepts with their labels, as N-Triples.

Words, slots and rules of reading stay in their files, and so does what stands in brackets (unions of classes).
"""

from kg.ontology.turtle import vocabulary

__all__ = ["vocabulary"]
