"""What an outlet says about keeping and mining its pages, as published conventions have it. Pure: no network."""
