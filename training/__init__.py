"""How a model is built: data sets, splits, feature cache, fitting, evaluation."""
