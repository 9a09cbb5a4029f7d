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
  a[["unit"]] <- answer(d[["enhet"]], c("8"))
  a[["district"]] <- answer(d[["stadsdel"]], c("8"))
  answered <- yes(d[["svarat"]])
  stratum <- a[["enhet"]]
  people <- as.numeric(table(stratum)[stratum])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
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
  a[["unit"]] <- answer(d[["enhet"]], c("8"))
  a[["district"]] <- answer(d[["stadsdel"]], c("8"))
  answered <- yes(d[["svarat"]])
  stratum <- a[["enhet"]]
  people <- as.numeric(table(stratum)[stratum])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
  a <- lapply(a, function(x) x[answered])
  v <- lapply(v, function(x) x[answered])
  list(a = a, v = v, r = r)
})()
use(now)

# --- enhet mot övriga: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("Enhet A", "Enhet A", "Enhet B", "Enhet B", "Enhet C", "Enhet C", "Enhet D", "Enhet D",
    "Enhet E", "Enhet E", "Enhet F", "Enhet F", "Enhet G", "Enhet G", "Enhet H", "Enhet H",
    "Enhet I", "Enhet I", "Enhet J", "Enhet J", "Enhet K", "Enhet K", "Enhet L", "Enhet L",
    "Enhet Ä", "Enhet Ä", "Enhet Å", "Enhet Å"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2"),
  method = c("mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p",
    "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p",
    "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p",
    "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p"),
  estimate = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  se = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  p = c(#, #, 1, 1, #, #, #, #,
    1, #, 1, #, #, #, #, #,
    #, #, #, #, #, 1, #, #,
    #, #, #, 1),
  p_adjusted = c(#, #, 1, 1, 1, #, 1, #,
    1, #, 1, 1, #, #, 1, 1,
    #, #, #, #, #, 1, 1, #,
    #, #, #, 1),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  difference_of(side_of(design, inside & cell %in% row$key, y), side_of(design, inside & !(cell %in% row$key) & !is.na(cell), y), row$method == "mover, exakt p", 0.95, TRUE, sum(inside & !is.na(cell) & !is.na(y)))
}
compare("enhet mot övriga", rows, figure, #, "BH")

# --- stadsdel mot övriga: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2"),
  method = c("mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(NA, NA, NA, NA, NA, NA, NA, NA),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(#, #, #, #, #, #, #, #),
  p_adjusted = c(1, #, #, #, #, 1, 1, 1),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  difference_of(side_of(design, inside & cell %in% row$key, y), side_of(design, inside & !(cell %in% row$key) & !is.na(cell), y), row$method == "mover, exakt p", 0.95, TRUE, sum(inside & !is.na(cell) & !is.na(y)))
}
compare("stadsdel mot övriga", rows, figure, #, "holm")

# --- medel mot övriga: mean ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
y <- list("tid" = V("tid"))
rows <- data.frame(
  key = c("S1", "S2", "S3", "S4"),
  name = c("tid", "tid", "tid", "tid"),
  method = c("skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(#, #, #, #),
  p_adjusted = c(#, #, #, #),
  N = c(NA, NA, NA, NA),
  shift = c(0, 0, 0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  means_apart(design, inside, ifelse(cell %in% row$key, 1, ifelse(!(cell %in% row$key) & !is.na(cell), 2, NA)), y, "design", 0.95)
}
compare("medel mot övriga", rows, figure, #, "BH")

# --- privat mot kommunal: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("", ""),
  name = c("q1: privat - kommunal", "q2: privat - kommunal"),
  method = c("mover, viktat", "mover, viktat"),
  estimate = c(#, #),
  se = c(NA, NA),
  lo = c(#, #),
  hi = c(#, #),
  p = c(#, #),
  p_adjusted = c(#, #),
  N = c(NA, NA),
  shift = c(0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  difference_of(side_of(design, inside & cell %in% "privat", y), side_of(design, inside & cell %in% "kommunal", y), row$method == "mover, exakt p", 0.95)
}
compare("privat mot kommunal", rows, figure, #, "BH")

# --- medel privat mot kommunal: mean ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
y <- list("q1" = V("q1"), "tid" = V("tid"))
rows <- data.frame(
  key = c("", ""),
  name = c("q1: privat - kommunal", "tid: privat - kommunal"),
  method = c("skillnad, t", "skillnad, t"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(#, #),
  p_adjusted = c(#, #),
  N = c(NA, NA),
  shift = c(0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  means_apart(design, inside, ifelse(cell %in% "privat", 1, ifelse(cell %in% "kommunal", 2, NA)), y, "normal", 0.95)
}
compare("medel privat mot kommunal", rows, figure, #, "BH")

# --- enhet mot förra gången: share ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1"),
  method = c("mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p",
    "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p"),
  estimate = c(#, #, 0.25, #, #, -0.4, #, #,
    #, #, #, #, 0.55),
  se = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #),
  p = c(#, #, #, 1, #, #, #, #,
    #, #, 1, #, #),
  p_adjusted = c(#, 1, 1, 1, #, #, 1, #,
    #, #, 1, #, #),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0))
figure <- function(row) difference_of(side_of(design, at(row), y[[row$name]]), side_of(then$design, then$inside & then$cell %in% row$key, then$y[[row$name]]), row$method == "mover, exakt p", 0.95)
compare("enhet mot förra gången", rows, figure, #, "BH")

# --- stad mot förra gången: share ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("", ""),
  name = c("q1", "q2"),
  method = c("mover, viktat", "mover, viktat"),
  estimate = c(#, #),
  se = c(NA, NA),
  lo = c(#, #),
  hi = c(#, #),
  p = c(#, #),
  p_adjusted = c(#, #),
  N = c(NA, NA),
  shift = c(0, 0))
figure <- function(row) difference_of(side_of(design, at(row), y[[row$name]]), side_of(then$design, then$inside & then$cell %in% row$key, then$y[[row$name]]), row$method == "mover, exakt p", 0.95)
compare("stad mot förra gången", rows, figure, #, "BH")

# --- medel mot förra gången: mean ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
y <- list("q1" = V("q1"), "tid" = V("tid"))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
y <- list("q1" = V("q1"), "tid" = V("tid"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "tid", "q1", "tid", "q1", "tid", "q1", "tid"),
  method = c("skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t", "skillnad, t"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(#, #, #, #, #, #, #, #),
  p_adjusted = c(#, #, #, #, #, #, #, #),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
figure <- function(row) rounds_apart(design, then$design, at(row), then$inside & then$cell %in% row$key, y[[row$name]], then$y[[row$name]], "normal", 0.95)
compare("medel mot förra gången", rows, figure, #, "BH")

# --- mål och övriga: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("district"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2"),
  method = c("wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 90, 100, 96, 48, 47, 80, 81),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("mål och övriga", rows, figure, #)

# --- mål och övriga: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("district"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2"),
  method = c("mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat", "mover, viktat"),
  estimate = c(NA, NA, NA, NA, NA, NA, NA, NA),
  se = c(NA, NA, NA, NA, NA, NA, NA, NA),
  lo = c(NA, NA, NA, NA, NA, NA, NA, NA),
  hi = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p = c(#, #, #, #, #, #, #, #),
  p_adjusted = c(#, #, #, #, #, #, #, #),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
figure <- function(row) {
  y <- y[[sub(': .*$', '', row$name)]]
  difference_of(side_of(design, inside & cell %in% row$key, y), side_of(design, inside & !(cell %in% row$key) & !is.na(cell), y), row$method == "mover, exakt p", 0.95, TRUE, sum(inside & !is.na(cell) & !is.na(y)))
}
compare("mål och övriga", rows, figure, #, "BH")

# --- mål och förra gången: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("unit"))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Ä", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1", "q1"),
  method = c("hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric"),
  estimate = c(#, 0.55, 0.75, #, #, #, #, #,
    #, 0.4, #, #, #, 0.75),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  lo = c(0.5, 0.4, 0.375, #, #, #, #, #,
    #, #, #, #, #, #),
  hi = c(#, 0.7, 0.875, 0.75, #, #, #, #,
    #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA),
  N = c(24, 30, 8, 36, 21, 11, 17, 14,
    31, 37, 23, 30, 22, 14),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("mål och förra gången", rows, figure, #)

# --- mål och förra gången: share ---
use(before[["earlier.csv"]])
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("unit"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
then <- list(design = design, inside = inside, cell = cell, y = y)
use(now)
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("unit"))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1"),
  method = c("mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p",
    "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p", "mover, exakt p"),
  estimate = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  se = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  lo = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  hi = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  p = c(#, #, #, 1, #, #, #, #,
    #, #, 1, #, #),
  p_adjusted = c(#, 1, 1, 1, #, #, 1, #,
    #, #, 1, #, #),
  N = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0))
figure <- function(row) difference_of(side_of(design, at(row), y[[row$name]]), side_of(then$design, then$inside & then$cell %in% row$key, then$y[[row$name]]), row$method == "mover, exakt p", 0.95)
compare("mål och förra gången", rows, figure, #, "BH")
finish()
