# Räknar om siffrorna från enkat analyse med R-paketet survey. Kör: Rscript skript.R [datafil [JSON]]

# --- Data ---
arguments <- commandArgs(TRUE)
options(survey.lonely.psu = "adjust")
file <- if (length(arguments)) arguments[1] else "respondents.csv"
now <- (function() {
  d <- read_file(file, ",", "UTF-8-BOM")
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
  a[["vikt"]] <- answer(d[["vikt"]], c("8"))
  a[["q1"]] <- answer(d[["q1"]], c("8"))
  a[["q2"]] <- answer(d[["q2"]], c("8"))
  a[["q3"]] <- answer(d[["q3"]], c("8"))
  a[["q4"]] <- answer(d[["q4"]], c("8"))
  a[["q5"]] <- answer(d[["q5"]], c("8"))
  a[["tid"]] <- answer(d[["tid"]], c("8"))
  a[["N"]] <- answer(d[["N"]], c("8"))
  a[["stratum"]] <- answer(d[["enhet"]], c("8"))
  answered <- rep(TRUE, nrow(d))
  stratum <- a[["enhet"]]
  people <- number(a[["N"]])
  r <- data.frame(stratum = stratum[answered])
  r$one <- rep(1, nrow(r))
  r$fpc <- people[answered]
  r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])
  r$given <- number(a[["vikt"]])[answered]
  r$cluster <- a[["hushall"]][answered]
  a <- lapply(a, function(x) x[answered])
  v <- lapply(v, function(x) x[answered])
  list(a = a, v = v, r = r)
})()
use(now)

# --- medel med kluster: mean ---
# Vikter: given
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
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
  N = c(#, #, #, #, #, #, #, #),
  shift = c(0, 0, 0, 0, 0, 0, 0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "design", 0.95)
compare("medel med kluster", rows, figure, #)

# --- andel med kluster: share ---
# Vikter: given
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
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
  N = c(#, #),
  shift = c(0, 0))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("andel med kluster", rows, figure, #)

# --- utan fpc: share ---
# Vikter: given
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- rep("", nrow(r))
rows <- data.frame(
  key = c(""),
  name = c("q1"),
  method = c("logit"),
  estimate = c(#),
  se = c(#),
  lo = c(#),
  hi = c(#),
  p = c(NA),
  p_adjusted = c(NA),
  N = c(#),
  shift = c(0))
y <- list("q1" = as.numeric(among(A("q1"), c("4", "5"))))
figure <- function(row) share_of(design, at(row), y[[row$name]], row, "design", 0.95)
compare("utan fpc", rows, figure, #)

# --- kalibrerad mot summor: mean ---
# Vikter: antal
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("kon")))
counts1 <- data.frame(margin1 = c("K", "M"), Freq = c(200, 128))
design <- calibrate_to(design, list(counts1), list(list(x = V("tid"), total = 9800)), "linear", c(-Inf, Inf))
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
  N = c(#, #),
  shift = c(0, 0))
y <- list("q1" = V("q1"), "tid" = V("tid"))
figure <- function(row) mean_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("kalibrerad mot summor", rows, figure, #)

# --- efterstratifierad mot antal: total ---
# Vikter: stratum
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
design <- update(design, margin1 = key(A("kon")))
counts1 <- data.frame(margin1 = c("K", "M"), Freq = c(200, 128))
design <- postStratify(design, ~margin1, counts1)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("kon"))
rows <- data.frame(
  key = c("K", "M"),
  name = c("tid", "tid"),
  method = c("total", "total"),
  estimate = c(#, #),
  se = c(#, #),
  lo = c(#, #),
  hi = c(#, #),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(#, #),
  shift = c(0, 0))
y <- list("tid" = V("tid"))
figure <- function(row) total_of(design, at(row), y[[row$name]], "normal", 0.95)
compare("efterstratifierad mot antal", rows, figure, #)

# --- kvantil med kluster: quantile ---
# Vikter: given
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~given, fpc = ~fpc, data = r)
inside <- rep(TRUE, nrow(r))
inside <- inside & !is.na(inside)
cell <- key(A("drift"))
rows <- data.frame(
  key = c("kommunal", "privat"),
  name = c("tid[0.5]", "tid[0.5]"),
  method = c("quantile, Woodruff", "quantile, Woodruff"),
  estimate = c(30.22, 32.27),
  se = c(#, #),
  lo = c(28.55, 29.21),
  hi = c(31.7, 33.55),
  p = c(NA, NA),
  p_adjusted = c(NA, NA),
  N = c(#, #),
  shift = c(0, 0))
figure <- function(row) {
  parts <- regmatches(row$name, regexec('^(.*)\\[(.*)\\]$', row$name))[[1]]
  quantile_of(design, at(row), V(parts[2]), as.numeric(parts[3]), "design", 0.95)
}
compare("kvantil med kluster", rows, figure, #)
finish()
