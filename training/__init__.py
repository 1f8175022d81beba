"""How the shipped language models are made and measured; nothing here is needed to run kg."""
