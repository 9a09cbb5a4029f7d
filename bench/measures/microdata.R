# CPU seconds that R's survey takes for the means by unit of a file: Rscript microdata.R FILE
suppressMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
questions <- grep("^q", names(d), value = TRUE)
begun <- proc.time()
design <- svydesign(ids = ~1, strata = ~unit, fpc = ~N, data = d)
for (question in questions) svyby(as.formula(paste0("~", question)), ~unit, design, svymean, na.rm = TRUE)
cat(sum((proc.time() - begun)[1:2]), "\n")
