"""bigrules: written guidance as rules that people can read and programs can run."""
