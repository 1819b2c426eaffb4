"""The trial's programme: fictional factories in four countries over three years, drawn from one seed.

Each factory lives through its years step by step (`life`), and every step is written by the rule that the services
follow (`package_steps`, `visit_steps`), into rows that are stored at once (`programme`). What a step writes is the same
as what its service writes: tests/assessments/test_simulation.py walks one factory both ways.
"""
