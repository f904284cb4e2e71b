"""The two SQL dialects of workflows, rewritten with the meaning they have on their own engines."""
