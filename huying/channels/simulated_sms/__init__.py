"""模拟短信: takes notices for citizens and sends nothing to anybody; for the demo and for development."""
