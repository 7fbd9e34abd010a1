"""What is known of one thing: its description in several profiles and formats, and its page."""
