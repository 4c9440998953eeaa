"""The pages: what a division must do, the report, the review; Thai first, without JavaScript if need be."""
