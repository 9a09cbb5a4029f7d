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
  a[["q3"]] <- answer(d[["q3"]], c("8", "1", "8"))
  a[["q4"]] <- answer(d[["q4"]], c("8"))
  a[["q5"]] <- answer(d[["q5"]], c("8"))
  a[["tid"]] <- answer(d[["tid"]], c("8"))
  a[["unit"]] <- answer(d[["enhet"]], c("8"))
  a[["district"]] <- answer(d[["stadsdel"]], c("8"))
  v[["lugn"]] <- as.numeric((among(A("q1"), c("4", "5")) & !(among(A("q2"), c("1", "2")))))
  a[["lugn"]] <- ifelse(is.na(v[["lugn"]]), NA, sprintf('%.17g', v[["lugn"]]))
  v[["hog"]] <- as.numeric(among(A("q4"), c("4", "5")))
  a[["hog"]] <- ifelse(is.na(v[["hog"]]), NA, sprintf('%.17g', v[["hog"]]))
  v[["summa"]] <- rowSums(cbind(V("q1"), V("q2")))
  a[["summa"]] <- ifelse(is.na(v[["summa"]]), NA, sprintf('%.17g', v[["summa"]]))
  v[["index"]] <- item_index(cbind(V("q1"), V("q2"), V("q3"), V("q4")), 1, 5, 3)
  a[["index"]] <- ifelse(is.na(v[["index"]]), NA, sprintf('%.17g', v[["index"]]))
  v[["kvot"]] <- V("q1") / ifelse(V("q2") == 0, NA, V("q2"))
  a[["kvot"]] <- ifelse(is.na(v[["kvot"]]), NA, sprintf('%.17g', v[["kvot"]]))
  answered <- yes(d[["svarat"]])
  stratum <- a[["enhet"]]
  people <- as.numeric(table(stratum)[stratum])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
  r$given <- number(a[["vikt"]])[answered]
  a <- lapply(a, function(x) x[answered])
  v <- lapply(v, function(x) x[answered])
  list(a = a, v = v, r = r)
})()
use(now)

# --- medel per stadsdel: mean ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S1", "S1", "S1", "S1", "S2", "S2",
    "S2", "S2", "S2", "S2", "S3", "S3", "S3", "S3",
    "S3", "S3", "S4", "S4", "S4", "S4", "S4", "S4"),
  name = c("q1", "tid", "lugn", "summa", "index", "kvot", "q1", "tid",
    "lugn", "summa", "index", "kvot", "q1", "tid", "lugn", "summa",
    "index", "kvot", "q1", "tid", "lugn", "summa", "index", "kvot"),
  method = c("mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean",
    "mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean",
    "mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #, #, #, #, #,
    #, #, #, #, 4, #, #, #,
    #, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 92, 90, 88, 92, 88, 100, 102,
    98, 94, 102, 94, 48, 50, 47, 46,
    50, 46, 80, 84, 79, 77, 84, 77),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"), "lugn" = V("lugn"), "summa" = V("summa"), "index" = V("index"), "kvot" = V("kvot"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("medel per stadsdel", rows, figure, #)

# --- medel med t: mean ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"), A("kon"))
rows <- data.frame(
  key = c("S1|K", "S1|K", "S1|M", "S1|M", "S2|K", "S2|K", "S2|M", "S2|M",
    "S3|K", "S3|K", "S3|M", "S3|M", "S4|K", "S4|K", "S4|M", "S4|M"),
  name = c("q1", "tid", "q1", "tid", "q1", "tid", "q1", "tid",
    "q1", "tid", "q1", "tid", "q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean",
    "mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(60, 62, 30, 30, 59, 61, 41, 41,
    28, 29, 20, 21, 54, 58, 26, 26),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "design", 0.9)
compare("medel med t", rows, figure, #)

# --- medel utan fpc: mean ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c("", ""),
  name = c("q1", "tid"),
  method = c("mean", "mean"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(318, 328),
  shift = c(0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], 40, 0.95)
compare("medel utan fpc", rows, figure, #)

# --- andel per enhet: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet A", "Enhet A", "Enhet A", "Enhet B", "Enhet B", "Enhet B", "Enhet B",
    "Enhet C", "Enhet C", "Enhet C", "Enhet C", "Enhet D", "Enhet D", "Enhet D", "Enhet D",
    "Enhet E", "Enhet E", "Enhet E", "Enhet E", "Enhet F", "Enhet F", "Enhet F", "Enhet F",
    "Enhet G", "Enhet G", "Enhet G", "Enhet G", "Enhet H", "Enhet H", "Enhet H", "Enhet H",
    "Enhet I", "Enhet I", "Enhet I", "Enhet I", "Enhet J", "Enhet J", "Enhet J", "Enhet J",
    "Enhet K", "Enhet K", "Enhet K", "Enhet K", "Enhet L", "Enhet L", "Enhet L", "Enhet L",
    "Enhet Ä", "Enhet Ä", "Enhet Ä", "Enhet Ä", "Enhet Å", "Enhet Å", "Enhet Å", "Enhet Å"),
  name = c("q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog",
    "q1", "q2", "q3", "hog", "q1", "q2", "q3", "hog"),
  method = c("hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric",
    "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric", "hypergeometric"),
  estimate = c(#, #, #, 0.5, 0.55, #, #, #,
    0.75, 0.25, #, 0.5, #, #, #, #,
    #, #, #, #, #, 0.75, #, 0.4,
    #, 1, #, 0.5, #, 0.5, #, #,
    #, #, #, #, 0.4, 0.75, 0.2, #,
    #, #, #, 0.75, #, #, #, #,
    #, #, 0.4, #, 0.75, #, #, 0.5),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, 0, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  lo = c(0.5, #, #, #, 0.4, #, 0.2, #,
    0.375, 0.125, 0.25, 0.25, #, #, #, #,
    #, #, #, #, #, 0.3, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, 0.5, #, #, #, 0.25,
    #, #, #, #, #, #, #, #),
  hi = c(#, 0.625, #, #, 0.7, #, 0.5, #,
    0.875, 0.625, 0.875, 0.75, 0.75, #, #, #,
    #, #, #, #, #, 0.9, #, #,
    #, 1, #, #, #, #, #, #,
    #, #, #, 0.8, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(24, 24, 23, 24, 30, 28, 30, 29,
    8, 8, 8, 8, 36, 36, 37, 35,
    21, 22, 22, 22, 11, 10, 11, 11,
    17, 17, 18, 17, 14, 15, 14, 14,
    31, 31, 27, 30, 37, 37, 38, 38,
    23, 22, 23, 22, 30, 30, 32, 32,
    22, 21, 22, 22, 14, 13, 14, 14),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))), "q3" = as.numeric(among(A("q3"), c("5"))), "hog" = as.numeric(among(A("hog"), c("1"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel per enhet", rows, figure, #)

# --- andel hela staden: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c("", "", ""),
  name = c("q1", "q2", "q3"),
  method = c("wilson_effective", "wilson_effective", "wilson_effective"),
  estimate = c(#, #, #),
  se = c(#, #, #),
  lo = c(#, #, #),
  hi = c(#, #, #),
  p = c(NA, NA, NA),
  p_adjusted = c(NA, NA, NA),
  N = c(318, 314, 319),
  shift = c(1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))), "q3" = as.numeric(among(A("q3"), c("5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel hela staden", rows, figure, #)

# --- andel kvinnor per driftform: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- among(A("kon"), c("K"))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "privat", "privat"),
  name = c("q1", "q2", "q1", "q2"),
  method = c("logit", "logit", "logit", "logit"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(145, 142, 56, 55),
  shift = c(1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel kvinnor per driftform", rows, figure, #)

# --- andel beta: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- (among(A("alder"), c("80-84", "85+")) | !(among(A("kon"), c("K"))))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "q3", "q1", "q3", "q1", "q3", "q1", "q3"),
  method = c("beta", "beta", "beta", "beta", "beta", "beta", "beta", "beta"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(67, 63, 81, 81, 40, 41, 61, 62),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q3" = as.numeric(among(A("q3"), c("5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel beta", rows, figure, #)

# --- andel wilson survey: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "q3", "q1", "q3", "q1", "q3", "q1", "q3"),
  method = c("wilson_survey", "wilson_survey", "wilson_survey", "wilson_survey", "wilson_survey", "wilson_survey", "wilson_survey", "wilson_survey"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 86, 100, 101, 48, 49, 80, 83),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q3" = as.numeric(among(A("q3"), c("5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel wilson survey", rows, figure, #)

# --- andel wald: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S2", "S3", "S4"),
  name = c("q1", "q1", "q1", "q1"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(90, 100, 48, 80),
  shift = c(1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel wald", rows, figure, #)

# --- andel midp: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet A", "Enhet B", "Enhet B", "Enhet C", "Enhet C", "Enhet D", "Enhet D",
    "Enhet E", "Enhet E", "Enhet F", "Enhet F", "Enhet G", "Enhet G", "Enhet H", "Enhet H",
    "Enhet I", "Enhet I", "Enhet J", "Enhet J", "Enhet K", "Enhet K", "Enhet L", "Enhet L",
    "Enhet Ä", "Enhet Ä", "Enhet Å", "Enhet Å"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2"),
  method = c("mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p",
    "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p",
    "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p", "mid_p",
    "mid_p", "mid_p", "mid_p", "mid_p"),
  estimate = c(#, #, 0.55, #, 0.75, 0.25, #, #,
    #, #, #, 0.75, #, 1, #, 0.5,
    #, #, 0.4, 0.75, #, #, #, #,
    #, #, 0.75, #),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, 0, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  lo = c(0.5, #, 0.4, #, 0.375, 0.125, #, #,
    #, #, #, 0.3, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  hi = c(#, 0.625, 0.7, #, 0.875, 0.625, 0.75, #,
    #, #, #, 0.9, #, 1, #, #,
    #, #, #, #, #, #, #, #,
    0.5, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  N = c(24, 24, 30, 28, 8, 8, 36, 36,
    21, 22, 11, 10, 17, 17, 14, 15,
    31, 31, 37, 37, 23, 22, 30, 30,
    22, 21, 14, 13),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel midp", rows, figure, #)

# --- andel wilson fpc: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet A", "Enhet B", "Enhet B", "Enhet C", "Enhet C", "Enhet D", "Enhet D",
    "Enhet E", "Enhet E", "Enhet F", "Enhet F", "Enhet G", "Enhet G", "Enhet H", "Enhet H",
    "Enhet I", "Enhet I", "Enhet J", "Enhet J", "Enhet K", "Enhet K", "Enhet L", "Enhet L",
    "Enhet Ä", "Enhet Ä", "Enhet Å", "Enhet Å"),
  name = c("q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2", "q1", "q2", "q1", "q2",
    "q1", "q2", "q1", "q2"),
  method = c("wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite",
    "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite",
    "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite",
    "wilson_finite", "wilson_finite", "wilson_finite", "wilson_finite"),
  estimate = c(#, #, 0.55, #, 0.75, 0.25, #, #,
    #, #, #, 0.75, #, 1, #, 0.5,
    #, #, 0.4, 0.75, #, #, #, #,
    #, #, 0.75, #),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, 0, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  N = c(24, 24, 30, 28, 8, 8, 36, 36,
    21, 22, 11, 10, 17, 17, 14, 15,
    31, 31, 37, 37, 23, 22, 30, 30,
    22, 21, 14, 13),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel wilson fpc", rows, figure, #)

# --- andel wilson: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Ä", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1", "q1"),
  method = c("wilson", "wilson", "wilson", "wilson", "wilson", "wilson", "wilson", "wilson",
    "wilson", "wilson", "wilson", "wilson", "wilson", "wilson"),
  estimate = c(#, 0.55, 0.75, #, #, #, #, #,
    #, 0.4, #, #, #, 0.75),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
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
compare("andel wilson", rows, figure, #)

# --- andel clopper pearson: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Ä", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1", "q1"),
  method = c("clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson",
    "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson", "clopper_pearson"),
  estimate = c(#, 0.55, 0.75, #, #, #, #, #,
    #, 0.4, #, #, #, 0.75),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
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
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.99)
compare("andel clopper pearson", rows, figure, #)

# --- andel jeffreys: share ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("enhet"))
rows <- data.frame(
  key = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Ä", "Enhet Å"),
  name = c("q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1",
    "q1", "q1", "q1", "q1", "q1", "q1"),
  method = c("jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys",
    "jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys", "jeffreys"),
  estimate = c(#, 0.55, 0.75, #, #, #, #, #,
    #, 0.4, #, #, #, 0.75),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
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
compare("andel jeffreys", rows, figure, #)

# --- andel agresti coull ovägd: share ---
# Vikter: none
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~one, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "privat"),
  name = c("q1", "q1"),
  method = c("agresti_coull", "agresti_coull"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(238, 80),
  shift = c(1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel agresti coull ovägd", rows, figure, #)

# --- total: total ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("hog", "tid", "hog", "tid", "hog", "tid", "hog", "tid"),
  method = c("total", "total", "total", "total", "total", "total", "total", "total"),
  estimate = c(#, 2636.956, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 92, 100, 102, 47, 50, 81, 84),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
y <- list("hog" = V("hog"), "tid" = V("tid"))
figure <- function(row) total_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("total", rows, figure, #)

# --- kvot: ratio ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "privat"),
  name = c("tid/summa", "tid/summa"),
  method = c("ratio", "ratio"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(246, 82),
  shift = c(0, 0))
figure <- function(row) ratio_of(design, at(row), V("tid"), V("summa"), "normal", 0.95)
compare("kvot", rows, figure, #)

# --- fördelning: distribution ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "K", "K", "K", "K", "K", "K", "K",
    "K", "K", "M", "M", "M", "M", "M", "M",
    "M", "M", "M", "M"),
  name = c("q1=1", "q1=2", "q1=3", "q1=4", "q1=5", "q4=1", "q4=2", "q4=3",
    "q4=4", "q4=5", "q1=1", "q1=2", "q1=3", "q1=4", "q1=5", "q4=1",
    "q4=2", "q4=3", "q4=4", "q4=5"),
  method = c("wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective",
    "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective",
    "wilson_effective", "wilson_effective", "wilson_effective", "wilson_effective"),
  estimate = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  se = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #,
    #, #, #, #, #, #, #, #,
    #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  N = c(201, 201, 201, 201, 201, 201, 201, 201,
    201, 201, 117, 117, 117, 117, 117, 117,
    117, 117, 117, 117),
  shift = c(1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1))
figure <- function(row) {
  parts <- regmatches(row$name, regexec('^(.*?)=(.*)$', row$name))[[1]]
  share_of(design, at(row), exactly(A(parts[2]), parts[3]), row, "design", 0.95)
}
compare("fördelning", rows, figure, #)

# --- kvantiler: quantile ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "K", "K", "K", "K", "K", "M", "M",
    "M", "M", "M", "M"),
  name = c("tid[0.25]", "q1[0.25]", "tid[0.5]", "q1[0.5]", "tid[0.9]", "q1[0.9]", "tid[0.25]", "q1[0.25]",
    "tid[0.5]", "q1[0.5]", "tid[0.9]", "q1[0.9]"),
  method = c("quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff",
    "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff", "quantile, Woodruff"),
  estimate = c(25.24, 3, 31.17, 4, 43.58, 5, 24.28, 3,
    28.42, 3, 38.01, 5),
  se = c(#, #, #, #, #, 0, #, #,
    #, #, #, 0),
  lo = c(23.67, 3, 30.22, 4, 42.79, 5, 22.93, 3,
    27.76, 3, 37.14, 5),
  hi = c(26.56, 4, 32.41, 5, 45.67, 5, 26.62, 4,
    32.81, 4, 49.93, 5),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA,
    NA, NA, NA, NA),
  N = c(210, 201, 210, 201, 210, 201, 118, 117,
    118, 117, 118, 117),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0))
figure <- function(row) {
  parts <- regmatches(row$name, regexec('^(.*)\\[(.*)\\]$', row$name))[[1]]
  quantile_of(design, at(row), V(parts[2]), as.numeric(parts[3]), "design", 0.95)
}
compare("kvantiler", rows, figure, #)

# --- varians: variance ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "kommunal", "kommunal", "privat", "privat", "privat", "privat"),
  name = c("q1", "tid", "q1:deff", "tid:deff", "q1", "tid", "q1:deff", "tid:deff"),
  method = c("variance", "variance", "design effect", "design effect", "variance", "variance", "design effect", "design effect"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, NA, NA, #, #, NA, NA),
  lo = c(#, #, NA, NA, #, #, NA, NA),
  hi = c(#, #, NA, NA, #, #, NA, NA),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(238, 246, 238, 246, 80, 82, 80, 82),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
figure <- function(row) {
  if (grepl(':deff$', row$name)) effect_of(design, at(row), V(sub(':deff$', '', row$name)))
  else variance_of(design, at(row), V(row$name), "normal", 0.95)
}
compare("varians", rows, figure, #)

# --- skillnad i andel: difference ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("", ""),
  name = c("q1: privat - kommunal", "q2: privat - kommunal"),
  method = c("contrast", "contrast"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(#, #),
  shift = c(0, 0))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) contrast_of(design, inside, cell, y[[sub(': .*$', '', row$name)]], svymean, setNames(c(1, -1), strsplit(sub('^.*?: ', '', row$name, perl = TRUE), ' - ', fixed = TRUE)[[1]]), "normal", 0.95)
compare("skillnad i andel", rows, figure, #)

# --- skillnad mellan frågor: difference ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c(""),
  name = c("q1 - q2"),
  method = c("contrast"),
  estimate = c(#),
  se = c(#),
  lo = c(#),
  hi = c(#),
  p = c(NA),
  p_adjusted = c(NA),
  N = c(323.625),
  shift = c(0))
y <- list("q1" = V("q1"), "q2" = V("q2"))
figure <- function(row) variables_of(design, inside, y, svymean, setNames(c(1, -1), strsplit(sub('^.*?: ', '', row$name, perl = TRUE), ' - ', fixed = TRUE)[[1]]), "design", 0.95)
compare("skillnad mellan frågor", rows, figure, #)

# --- kontrast: contrast ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"), A("alder"))
rows <- data.frame(
  key = c(""),
  name = c("tid"),
  method = c("contrast"),
  estimate = c(#),
  se = c(#),
  lo = c(#),
  hi = c(#),
  p = c(NA),
  p_adjusted = c(NA),
  N = c(#),
  shift = c(0))
y <- list("tid" = V("tid"))
figure <- function(row) contrast_of(design, inside, cell, y[[sub(': .*$', '', row$name)]], svymean, c("K|65-79" = 1, "M|80-84" = -0.5, "M|85+" = -0.5), "normal", 0.95)
compare("kontrast", rows, figure, #)

# --- kvot mellan totaler: contrast ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c(""),
  name = c("tid"),
  method = c("ratio contrast"),
  estimate = c(#),
  se = c(#),
  lo = c(#),
  hi = c(#),
  p = c(NA),
  p_adjusted = c(NA),
  N = c(194),
  shift = c(0))
y <- list("tid" = V("tid"))
figure <- function(row) contrast_of(design, inside, cell, y[[sub(': .*$', '', row$name)]], svytotal, c("S1" = 1, "S2" = -1), "normal", 0.95, ratio = TRUE)
compare("kvot mellan totaler", rows, figure, #)

# --- standardiserad: standardised ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "privat", "privat"),
  name = c("q1", "q2", "q1", "q2"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(246, 246, 82, 82),
  shift = c(0, 0, 0, 0))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
mix <- key(A("kon"), A("alder"))
population <- setNames(c(72, 75, 50, 63, 31, 37), c("K|65-79", "K|80-84", "M|80-84", "K|85+", "M|65-79", "M|85+"))
figure <- function(row) standardised_of(design, inside, cell, y[[row$name]], mix, population, row, "normal", 0.95)
compare("standardiserad", rows, figure, #)

# --- standardiserad mot angiven: standardised ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S2", "S3", "S4"),
  name = c("tid", "tid", "tid", "tid"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(92, 102, 50, 84),
  shift = c(0, 0, 0, 0))
y <- list("tid" = V("tid"))
mix <- key(A("kon"))
population <- setNames(c(0.6, 0.4), c("K", "M"))
figure <- function(row) standardised_of(design, inside, cell, y[[row$name]], mix, population, row, "normal", 0.95)
compare("standardiserad mot angiven", rows, figure, #)

# --- test: test ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c(""),
  name = c("q1 × q2"),
  method = c("Rao–Scott, second order, F F(#; #)"),
  estimate = c(#),
  se = c(NA),
  lo = c(NA),
  hi = c(NA),
  p = c(#),
  p_adjusted = c(NA),
  N = c(#),
  shift = c(0))
figure <- function(row) test_of(design, inside, A("q1"), A("q2"))
compare("test", rows, figure, #)

# --- test mot grupp: test ---
# Vikter: rakad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("enhet")))
counts1 <- data.frame(margin1 = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å", "Enhet Ä"), Freq = c(24, 30, 9, 37, 23, 11, 18, 15,
    31, 38, 23, 32, 14, 23))
design <- update(design, margin2 = key(A("kon")))
counts2 <- data.frame(margin2 = c("K", "M"), Freq = c(210, 118))
design <- update(design, margin3 = key(A("alder")))
counts3 <- data.frame(margin3 = c("65-79", "80-84", "85+"), Freq = c(103, 125, 100))
design <- rake_to(design, list(~margin1, ~margin2, ~margin3), list(counts1, counts2, counts3))
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c(""),
  name = c("q3 × drift"),
  method = c("Rao–Scott, second order, F F(#; #)"),
  estimate = c(#),
  se = c(NA),
  lo = c(NA),
  hi = c(NA),
  p = c(#),
  p_adjusted = c(NA),
  N = c(#),
  shift = c(0))
figure <- function(row) test_of(design, inside, A("q3"), A("drift"))
compare("test mot grupp", rows, figure, #)

# --- alfa: alpha ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "M"),
  name = c("alpha", "alpha"),
  method = c("Cronbach's alpha", "Cronbach's alpha"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(#, #),
  shift = c(0, 0))
y <- list("q1" = V("q1"), "q2" = V("q2"), "q3" = V("q3"), "q4" = V("q4"), "q5" = V("q5"))
figure <- function(row) alpha_of(design, at(row), y)
compare("alfa", rows, figure, #)

# --- alfa ovägd: alpha ---
# Vikter: none
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~one, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c(""),
  name = c("alpha"),
  method = c("Cronbach's alpha"),
  estimate = c(#),
  se = c(#),
  lo = c(#),
  hi = c(#),
  p = c(NA),
  p_adjusted = c(NA),
  N = c(131),
  shift = c(0))
y <- list("q1" = V("q1"), "q2" = V("q2"), "q3" = V("q3"))
figure <- function(row) alpha_of(design, at(row), y)
compare("alfa ovägd", rows, figure, #)

# --- index: index ---
# Vikter: N/r
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~n_r, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "privat", "privat"),
  name = c("trygghet", "bemotande", "trygghet", "bemotande"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(#, #, #, #),
  shift = c(0, 0, 0, 0))
y <- list("trygghet" = item_index(cbind(V("q1"), V("q2"), V("q3")), 1, 5, 2), "bemotande" = item_index(cbind(V("q4"), V("q5")), 1, 5, 1))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("index", rows, figure, #)

# --- efterstratifierad: mean ---
# Vikter: efterstrat
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("stadsdel"), A("kon")))
counts1 <- data.frame(margin1 = c("S1|K", "S1|M", "S2|K", "S2|M", "S3|M", "S3|K", "S4|M", "S4|K"), Freq = c(62, 30, 61, 41, 21, 29, 26, 58))
design <- postStratify(design, ~margin1, counts1)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "privat", "privat"),
  name = c("q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(238, 246, 80, 82),
  shift = c(0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("efterstratifierad", rows, figure, #)

# --- rakad: mean ---
# Vikter: rakad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("enhet")))
counts1 <- data.frame(margin1 = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å", "Enhet Ä"), Freq = c(24, 30, 9, 37, 23, 11, 18, 15,
    31, 38, 23, 32, 14, 23))
design <- update(design, margin2 = key(A("kon")))
counts2 <- data.frame(margin2 = c("K", "M"), Freq = c(210, 118))
design <- update(design, margin3 = key(A("alder")))
counts3 <- data.frame(margin3 = c("65-79", "80-84", "85+"), Freq = c(103, 125, 100))
design <- rake_to(design, list(~margin1, ~margin2, ~margin3), list(counts1, counts2, counts3))
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "tid", "q1", "tid", "q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 92, 100, 102, 48, 50, 80, 84),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("rakad", rows, figure, #)

# --- rakad andel: share ---
# Vikter: rakad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("enhet")))
counts1 <- data.frame(margin1 = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å", "Enhet Ä"), Freq = c(24, 30, 9, 37, 23, 11, 18, 15,
    31, 38, 23, 32, 14, 23))
design <- update(design, margin2 = key(A("kon")))
counts2 <- data.frame(margin2 = c("K", "M"), Freq = c(210, 118))
design <- update(design, margin3 = key(A("alder")))
counts3 <- data.frame(margin3 = c("65-79", "80-84", "85+"), Freq = c(103, 125, 100))
design <- rake_to(design, list(~margin1, ~margin2, ~margin3), list(counts1, counts2, counts3))
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c("", ""),
  name = c("q1", "q2"),
  method = c("wilson_effective", "wilson_effective"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(318, 314),
  shift = c(1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))), "q2" = as.numeric(among(A("q2"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("rakad andel", rows, figure, #)

# --- kalibrerad: total ---
# Vikter: kalibrerad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("enhet")))
counts1 <- data.frame(margin1 = c("Enhet A", "Enhet B", "Enhet C", "Enhet D", "Enhet E", "Enhet F", "Enhet G", "Enhet H",
    "Enhet I", "Enhet J", "Enhet K", "Enhet L", "Enhet Å", "Enhet Ä"), Freq = c(24, 30, 9, 37, 23, 11, 18, 15,
    31, 38, 23, 32, 14, 23))
design <- update(design, margin2 = key(A("kon"), A("alder")))
counts2 <- data.frame(margin2 = c("K|65-79", "K|80-84", "M|80-84", "K|85+", "M|65-79", "M|85+"), Freq = c(72, 75, 50, 63, 31, 37))
design <- calibrate_to(design, list(counts1, counts2), list(), "linear", c(-Inf, Inf))
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "kommunal", "privat", "privat"),
  name = c("tid", "hog", "tid", "hog"),
  method = c("total", "total", "total", "total"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(246, 239, 82, 79),
  shift = c(0, 0, 0, 0))
y <- list("tid" = V("tid"), "hog" = V("hog"))
figure <- function(row) total_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("kalibrerad", rows, figure, #)

# --- kalibrerad inom gränser: mean ---
# Vikter: granser
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("stadsdel")))
counts1 <- data.frame(margin1 = c("S1", "S2", "S3", "S4"), Freq = c(92, 102, 50, 84))
design <- update(design, margin2 = key(A("kon")))
counts2 <- data.frame(margin2 = c("K", "M"), Freq = c(210, 118))
design <- calibrate_to(design, list(counts1, counts2), list(), "raking", c(0.5, 2))
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "K", "M", "M"),
  name = c("q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(201, 210, 117, 118),
  shift = c(0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("kalibrerad inom gränser", rows, figure, #)

# --- trimmad: mean ---
# Vikter: trimmad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- trimWeights(design, upper = 2.6, lower = 1.2)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "K", "M", "M"),
  name = c("q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #),
  se = c(#, #, #, #),
  lo = c(#, #, #, #),
  hi = c(#, #, #, #),
  p = c(NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA),
  N = c(201, 210, 117, 118),
  shift = c(0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("trimmad", rows, figure, #)

# --- trimmad efter rakning: share ---
# Vikter: trimrakad
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("stadsdel")))
counts1 <- data.frame(margin1 = c("S1", "S2", "S3", "S4"), Freq = c(92, 102, 50, 84))
design <- update(design, margin2 = key(A("kon")))
counts2 <- data.frame(margin2 = c("K", "M"), Freq = c(210, 118))
design <- rake_to(design, list(~margin1, ~margin2), list(counts1, counts2))
design <- trimWeights(design, upper = 2.5, lower = 1.2)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "M"),
  name = c("q1", "q1"),
  method = c("wilson_effective", "wilson_effective"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(201, 117),
  shift = c(1, 1))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("trimmad efter rakning", rows, figure, #)

# --- givna vikter: mean ---
# Vikter: given
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~given, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("stadsdel"))
rows <- data.frame(
  key = c("S1", "S1", "S2", "S2", "S3", "S3", "S4", "S4"),
  name = c("q1", "tid", "q1", "tid", "q1", "tid", "q1", "tid"),
  method = c("mean", "mean", "mean", "mean", "mean", "mean", "mean", "mean"),
  estimate = c(#, #, #, #, #, #, #, #),
  se = c(#, #, #, #, #, #, #, #),
  lo = c(#, #, #, #, #, #, #, #),
  hi = c(#, #, #, #, #, #, #, #),
  p = c(NA, NA, NA, NA, NA, NA, NA, NA),
  p_adjusted = c(NA, NA, NA, NA, NA, NA, NA, NA),
  N = c(90, 92, 100, 102, 48, 50, 80, 84),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "n-1", 0.95)
compare("givna vikter", rows, figure, #)
finish()
