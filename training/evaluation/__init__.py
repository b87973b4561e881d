"""How good a model is: figures, tables, the report."""
