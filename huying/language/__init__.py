"""Plain-Python text models of the hotline (no Django): words for the search, personal data in free text."""
