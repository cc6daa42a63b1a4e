"""How a page is built, whatever it says: its blocks, its boxes, where the text of the article is."""
