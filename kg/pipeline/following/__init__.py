"""Following the news: folders and feeds looked at again and again, each new article taken once."""
