"""The benchmark: a crowd of simulated patients, Plumbline, and a stock bot to compare it with."""
