"""How easily persons of a table are told apart: k-anonymity, l-diversity, t-closeness, and the risks that follow."""
