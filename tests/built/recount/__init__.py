"""An independent recount of every claim, from the CSV files alone, without `analysis`."""
