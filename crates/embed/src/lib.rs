//! Texts to unit vectors: model folder, tokenizer, batch plan, encoder, pooling. Knows no product.
