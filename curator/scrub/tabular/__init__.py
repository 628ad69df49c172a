"""Tables: delimited text, Excel workbooks, Parquet, treated column by column and cell by cell."""
