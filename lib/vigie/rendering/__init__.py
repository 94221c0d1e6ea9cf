"""From results to what people read: numbers, tables, charts, views and reports. Nothing here calculates."""
