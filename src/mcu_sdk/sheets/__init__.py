"""Tables as people keep them: registers read by a layout, workbooks written without surprises."""
