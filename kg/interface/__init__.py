"""The public interface: what a program or a notebook calls, by way of ``import kg``.

In: paths, articles, texts, SPARQL. Out: plain Python values that show well in a notebook. Stands on every package but
``cli`` and does nothing that the command line cannot; ``kg/__init__.py`` lists what is public.
"""
