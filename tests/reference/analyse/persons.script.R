# Räknar om siffrorna från enkat analyse med R-paketet survey. Kör: Rscript skript.R [datafil [JSON]]

# --- Data ---
arguments <- commandArgs(TRUE)
options(survey.lonely.psu = "fail")
file <- if (length(arguments)) arguments[1] else "frame.csv"
now <- (function() {
  d <- read_file(file, ";", "UTF-8-BOM")
  a <- list()
  v <- list()
  A <- function(name) a[[name]]
  V <- function(name) if (is.null(v[[name]])) number(a[[name]]) else v[[name]]
  a[["person"]] <- answer(d[["person"]], c("8"))
  a[["hushall"]] <- answer(d[["hushall"]], c("8"))
  a[["enhet"]] <- answer(d[["enhet"]], c("8"))
  a[["stadsdel"]] <- answer(d[["stadsdel"]], c("8"))
  a[["kon"]] <- answer(d[["kon"]], c("8"))
  a[["alder"]] <- answer(d[["alder"]], c("8"))
  a[["drift"]] <- answer(d[["drift"]], c("8"))
  a[["svarat"]] <- answer(d[["svarat"]], c("8"))
  a[["vikt"]] <- answer(d[["vikt"]], c("8"))
  a[["q1"]] <- answer(d[["q1"]], c("8"))
  a[["q2"]] <- answer(d[["q2"]], c("8"))
  a[["q3"]] <- answer(d[["q3"]], c("8"))
  a[["q4"]] <- answer(d[["q4"]], c("8"))
  a[["q5"]] <- answer(d[["q5"]], c("8"))
  a[["tid"]] <- answer(d[["tid"]], c("8"))
  a[["stratum"]] <- answer(d[["stadsdel"]], c("8"))
  answered <- yes(d[["svarat"]])
  stratum <- a[["stadsdel"]]
  people <- as.numeric(table(stratum)[stratum])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
  r$cluster <- a[["person"]][answered]
  a <- lapply(a, function(x) x[answered])
  v <- lapply(v, function(x) x[answered])
  list(a = a, v = v, r = r)
})()
before[["earlier.csv"]] <- (function() {
  d <- read_file(file.path(dirname(file), "earlier.csv"), ";", "UTF-8-BOM")
  a <- list()
  v <- list()
  A <- function(name) a[[name]]
  V <- function(name) if (is.null(v[[name]])) number(a[[name]]) else v[[name]]
  a[["person"]] <- answer(d[["person"]], c("8"))
  a[["hushall"]] <- answer(d[["hushall"]], c("8"))
  a[["enhet"]] <- answer(d[["enhet"]], c("8"))
  a[["stadsdel"]] <- answer(d[["stadsdel"]], c("8"))
  a[["kon"]] <- answer(d[["kon"]], c("8"))
  a[["alder"]] <- answer(d[["alder"]], c("8"))
  a[["drift"]] <- answer(d[["drift"]], c("8"))
  a[["svarat"]] <- answer(d[["svarat"]], c("8"))
  a[["vikt"]] <- answer(d[["vikt"]], c("8"))
  a[["q1"]] <- answer(d[["q1"]], c("8"))
  a[["q2"]] <- answer(d[["q2"]], c("8"))
  a[["q3"]] <- answer(d[["q3"]], c("8"))
  a[["q4"]] <- answer(d[["q4"]], c("8"))
  a[["q5"]] <- answer(d[["q5"]], c("8"))
  a[["tid"]] <- answer(d[["tid"]], c("8"))
  a[["stratum"]] <- answer(d[["stadsdel"]], c("8"))
  answered <- yes(d[["svarat"]])
  stratum <- a[["stadsdel"]]
  people <- as.numeric(table(stratum)[stratum])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
  r$cluster <- a[["person"]][answered]
  a <- lapply(a, function(x) x[answered])
  v <- lapply(v, function(x) x[answered])
  list(a = a, v = v, r = r)
})()
use(now)

# --- medel, samma personer: mean ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
y <- list("q1" = V("q1"), "tid" = V("tid"))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
y <- list("q1" = V("q1"), "tid" = V("tid"))
rows <- data.frame(
  key = c("K", "K", "M", "M"),
  name = c("q1", "tid", "q1", "tid"),
  method = c("skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(#, #, #, #),
  p_adjusted = c(#, #, #, #),
  N = c(NA, NA, NA, NA),
  shift = c(0, 0, 0, 0))
figure <- function(row) rounds_together(design, then$design, at(row), then$inside & then$cell %in% row$key, y[[row$name]], then$y[[row$name]], "normal", 0.95)
compare("medel, samma personer", rows, figure, #, "BH")

# --- andel, samma personer: share ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("", ""),
  name = c("q1", "q2"),
  method = c("skillnad, t", "skillnad, t"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(#, #),
  p_adjusted = c(#, #),
  N = c(NA, NA),
  shift = c(0, 0))
figure <- function(row) rounds_together(design, then$design, at(row), then$inside & then$cell %in% row$key, y[[row$name]], then$y[[row$name]], "design", 0.95)
compare("andel, samma personer", rows, figure, #, "BH")
finish()
