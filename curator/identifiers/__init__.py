"""Who a person is and what stands in for them: the 18 categories, person keys, pseudonyms, date shift."""
