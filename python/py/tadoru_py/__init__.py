"""What stands between a `py>` task and the function it names."""
