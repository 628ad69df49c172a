"""Tables: CSV, TSV, Excel workbooks, Parquet, treated column by column."""
