"""Values behind the label of a field: MRN, date of birth, account, telephone, and what a table puts around them."""
