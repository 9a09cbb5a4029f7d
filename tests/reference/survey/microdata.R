# Figures of R's survey package that tests/reference/test_microdata.py compares with: microdata.json, 17 digits.
#
#   Rscript tests/reference/survey/microdata.R          writes microdata.json (and microdata.csv where it is missing)
#   Rscript tests/reference/survey/microdata.R -        prints the figures instead
#
# Made with R 4.2.2 and survey 4.1.1 (Debian). The data are invented by the seed below.

suppressMessages(library(survey))
options(survey.lonely.psu = "fail", warn = -1)
own <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
folder <- dirname(own)
file <- file.path(folder, "microdata.csv")

# calibrate() takes a pseudo-inverse from MASS, which Debian's r-cran-survey does not bring along: the same by svd().
if (!requireNamespace("MASS", quietly = TRUE)) {
  pseudo_inverse <- function(m, tol) {
    s <- svd(m); kept <- s$d > tol * s$d[1]
    s$v[, kept, drop = FALSE] %*% (t(s$u[, kept, drop = FALSE]) / s$d[kept])
  }
  solver <- eval(parse(text = gsub("MASS::ginv", "pseudo_inverse", deparse(survey:::grake), fixed = TRUE)))
  environment(solver) <- list2env(list(pseudo_inverse = pseudo_inverse), parent = asNamespace("survey"))
  assignInNamespace("grake", solver, "survey")
}

invent <- function() {
  set.seed(20240917)
  size <- c(70, 55, 48, 40, 36, 30, 24, 20)
  clients <- c(160, 80, 120, 95, 36, 61, 55, 33)             # stratum 5 is a census
  stratum <- rep(seq_along(size), size)
  n <- length(stratum)
  d <- data.frame(stratum, N = clients[stratum])
  d$local <- sample(1:5, n, TRUE)                            # numbered anew in each stratum
  d$cluster <- d$stratum * 10 + d$local
  d$M <- c(9, 8, 12, 7, 5, 6, 10, 5)[stratum]                # clusters in the frame
  d$unit <- d$stratum                                        # as stratum, with three units of one answer
  d$unit[c(1, 100, 200)] <- c(101, 102, 103)
  d$U <- d$N
  d$U[c(1, 100, 200)] <- c(4, 9, 1)                          # the last one is a census
  d$w <- round(runif(n, 1, 6), 3)
  d$person <- paste0("p", d$stratum, "-", sample(1:25, n, TRUE))
  d$round <- sample(1:2, n, TRUE)
  d$district <- c("north", "north", "south", "south", "south", "east", "east", "east")[stratum]
  d$sex <- sample(c("f", "m"), n, TRUE, c(.6, .4))
  d$age <- sample(c("65-", "75-", "85-"), n, TRUE, c(.3, .4, .3))
  d$years <- round(runif(n, 66, 99))
  d$x <- round(rexp(n, .1) + 1, 2)
  d$y <- round(50 + .4 * (d$years - 80) + 5 * (d$sex == "f") + rnorm(n, 0, 12), 2)
  d$v <- round(2 * d$x + rnorm(n, 5, 4), 2)
  d$safe <- rbinom(n, 1, .75 + .1 * (d$sex == "f"))
  d$heard <- rbinom(n, 1, .6)
  d$all <- 1
  base <- rnorm(n)
  for (i in 1:5) d[[paste0("i", i)]] <- pmin(5, pmax(1, round(3.4 + base + rnorm(n))))
  d$grade <- sample(c("bad", "fair", "good"), n, TRUE, c(.2, .3, .5))
  for (name in c("y", "safe", "i2", "i4", "i5", "grade", "v")) d[[name]][runif(n) < .08] <- NA
  write.csv(d, file, row.names = FALSE, quote = FALSE, na = "")
}
if (!file.exists(file)) invent()
d <- read.csv(file, na.strings = "", stringsAsFactors = FALSE)
d$cell <- interaction(d$sex, d$age)

cases <- list()
case <- function(name, ...) {
  stopifnot(is.null(cases[[name]]))
  cases[[name]] <<- as.numeric(unlist(list(...)))
}
both <- function(stat) c(coef(stat), SE(stat))
full <- function(stat, df = Inf) { i <- confint(stat, df = df); c(coef(stat), SE(stat), i[, 1], i[, 2]) }
byit <- function(formula, by, design, verb, ...) {
  r <- svyby(formula, by, design, verb, na.rm = TRUE, ...)
  c(coef(r), SE(r))
}

designs <- list(
  equal = svydesign(ids = ~1, data = d),
  weighted = svydesign(ids = ~1, weights = ~w, data = d),
  strata = svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = d),
  replaced = svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = d),
  fractions = svydesign(ids = ~1, strata = ~stratum, fpc = ~I(.4 + stratum / 100), weights = ~w, data = d),
  clusters = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = d),
  clients = svydesign(ids = ~cluster, strata = ~stratum, fpc = ~M, data = d),
  nested = svydesign(ids = ~local, strata = ~stratum, weights = ~w, nest = TRUE, data = d),
  persons = svydesign(ids = ~person, strata = ~stratum, weights = ~w, data = d),
  plain = svydesign(ids = ~cluster, weights = ~w, data = d)
)
for (name in names(designs)) {
  s <- designs[[name]]
  answered <- subset(s, !is.na(y))
  case(paste0("mean/", name), full(svymean(~y, s, na.rm = TRUE), degf(answered)), degf(answered))
  case(paste0("total/", name), both(svytotal(~y, s, na.rm = TRUE)))
  case(paste0("ratio/", name), both(svyratio(~v, ~x, s, na.rm = TRUE)))
  case(paste0("distribution/", name), both(svymean(~grade, s, na.rm = TRUE)))
  case(paste0("mean by/", name), byit(~y, ~sex + age, s, svymean))
  case(paste0("share by/", name), byit(~safe, ~district, s, svymean))
  q <- svyquantile(~y, s, c(.25, .5, .9), na.rm = TRUE)$y
  case(paste0("quantile/", name), t(q[, 1:4]))
  case(paste0("variance/", name), both(svyvar(~y, s, na.rm = TRUE)))
}

s <- designs$strata; k <- designs$clusters
case("normal interval", full(svymean(~y, s, na.rm = TRUE)))
case("several columns", byit(~x + years + heard, ~sex, s, svymean))
case("total by", byit(~x, ~age + sex, k, svytotal))
case("ratio by", { r <- svyby(~v, ~district, k, svyratio, denominator = ~x, na.rm = TRUE); c(coef(r), SE(r)) })
case("distribution by", byit(~grade, ~district, k, svymean))
case("variance by", byit(~y, ~district, s, svyvar))
case("quantile by", { r <- svyby(~y, ~district, k, svyquantile, quantiles = .5, na.rm = TRUE); c(coef(r), SE(r)) })
case("quantile of few", unlist(lapply(c(.05, .1, .5, .95), function(p)
  svyquantile(~y, subset(designs$weighted, cluster == 81), p, na.rm = TRUE)$y[1:4])))
case("quantile of integers", t(svyquantile(~i1, s, c(.1, .3, .5, .8))$i1[, 1:4]))
case("quantile of equal weights", svyquantile(~x, subset(designs$equal, stratum == 8), .5)$x[1:4])
case("all positive", both(svymean(~all, k)))
case("subset", both(svymean(~y, subset(k, sex == "f"), na.rm = TRUE)), degf(subset(k, sex == "f")))
case("subset of strata", both(svytotal(~y, subset(k, stratum < 4), na.rm = TRUE)), degf(subset(k, stratum < 4)))
case("subset of subset", both(svymean(~y, subset(subset(s, sex == "f"), age == "85-"), na.rm = TRUE)))
case("subset of few clusters", both(svymean(~y, subset(k, cluster %in% c(11, 12, 31)), na.rm = TRUE)),
     degf(subset(k, cluster %in% c(11, 12, 31))))
case("degrees of freedom by", sapply(sort(unique(d$district)), function(g) degf(subset(k, district == g & !is.na(y)))))
case("census", both(svymean(~x, subset(s, stratum == 5))))
case("uncorrected", both(svymean(~y, svydesign(ids = ~1, strata = ~stratum, data = d, weights = 1 / s$prob), na.rm = TRUE)))

deffs <- function(verb, ...) deff(verb(~x, ...))
case("deff mean", deffs(svymean, k, deff = TRUE), deffs(svymean, s, deff = TRUE), deffs(svymean, designs$weighted, deff = TRUE))
case("deff replace", deffs(svymean, k, deff = "replace"), deffs(svymean, s, deff = "replace"))
case("deff total", deffs(svytotal, k, deff = TRUE), deffs(svytotal, s, deff = TRUE), deffs(svytotal, k, deff = "replace"))
case("deff missing", deff(svymean(~y, k, na.rm = TRUE, deff = TRUE)), deff(svymean(~y, s, na.rm = TRUE, deff = "replace")))
case("deff by", svyby(~x, ~district, k, svymean, deff = TRUE)[["DEff.x"]])

covby <- function(design) svyby(~x, ~district, design, svymean, covmat = TRUE)
for (name in c("strata", "clusters", "persons", "plain")) {
  r <- covby(designs[[name]])
  case(paste0("covariance/", name), vcov(r))
  case(paste0("contrast/", name), both(svycontrast(r, c(1, -1, 0))), both(svycontrast(r, c(.2, .3, -.5))))
  case(paste0("ratio contrast/", name), both(svycontrast(r, quote(north / (east + 2 * south)))))
}
r <- svyby(~x, ~round, designs$persons, svymean, covmat = TRUE)
case("difference of overlapping rounds", both(svycontrast(r, c(-1, 1))))
r <- svymean(~x + years, k)
case("difference of variables", both(svycontrast(r, c(-1, 1))), vcov(r))
r <- svyby(~x, ~sex, k, svytotal, covmat = TRUE)
case("difference of totals", both(svycontrast(r, c(1, -1))))
r <- svyratio(~x, ~years, k); t <- svytotal(~x + years, k)
case("ratio of totals", both(r), both(svycontrast(t, quote(x / years))))

mix <- table(d$sex, d$age) * 0 + c(300, 200, 400, 250, 350, 150)
population <- as.vector(mix)
standard <- svystandardize(s, by = ~sex + age, over = ~district, population = population)
case("standardised by", byit(~x, ~district, standard, svymean))
standard <- svystandardize(k, by = ~sex + age, population = population)
case("standardised whole", both(svymean(~x, standard)))
standard <- svystandardize(k, by = ~age, over = ~district, population = c(30, 40, 30), excluding.missing = ~y)
case("standardised answerers", byit(~y, ~district, standard, svymean))
standard <- svystandardize(s, by = ~cluster, over = ~sex, population = rep(1, length(unique(d$cluster))))
case("standardised partly", byit(~x, ~sex, standard, svymean))

chi <- function(formula, design, statistic) {
  r <- svychisq(formula, design, statistic = statistic)
  c(r$statistic, r$parameter, r$p.value)
}
for (name in c("strata", "clusters", "persons", "weighted")) {
  case(paste0("Rao-Scott F/", name), chi(~district + age, designs[[name]], "F"))
  case(paste0("Rao-Scott Chisq/", name), chi(~sex + grade, designs[[name]], "Chisq"))
}
case("Rao-Scott missing", chi(~grade + safe, k, "F"), chi(~grade + safe, s, "F"))
case("Rao-Scott subset", chi(~grade + age, subset(k, sex == "f"), "F"), chi(~grade + age, subset(k, sex == "f"), "Chisq"))
case("Rao-Scott 2 by 2", chi(~sex + heard, k, "F"), chi(~sex + heard, designs$equal, "Chisq"))

alpha <- function(design) svycralpha(~i1 + i2 + i3 + i4 + i5, design, na.rm = TRUE)
case("alpha", alpha(designs$equal), alpha(s), alpha(k), alpha(subset(k, sex == "f")))
case("alpha of complete items", svycralpha(~i1 + i3, k))
d$sum13 <- d$i1 + d$i3
k2 <- update(k, sum13 = i1 + i3)
vv <- svyvar(~i1 + i3 + sum13, k2)
case("alpha error", {
  m <- as.vector(vv); V <- attr(vv, "var"); f <- function(x) 2 * (1 - (x[1] + x[5]) / x[9])
  g <- rep(0, 9); g[c(1, 5)] <- -2 / m[9]; g[9] <- 2 * (m[1] + m[5]) / m[9]^2
  c(f(m), sqrt(drop(g %*% V %*% g)))
})
points <- (as.matrix(d[paste0("i", 1:5)]) - 1) / 4 * 100
d$index <- ifelse(rowSums(!is.na(points)) >= 4, rowMeans(points, na.rm = TRUE), NA)
case("index", both(svymean(~index, svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = d), na.rm = TRUE)))

for (lonely in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = lonely)
  for (kind in c("replaced", "corrected")) {
    u <- if (kind == "replaced") svydesign(ids = ~1, strata = ~unit, weights = ~w, data = d) else
      svydesign(ids = ~1, strata = ~unit, fpc = ~U, data = d)
    case(paste0("lonely/", lonely, "/", kind), both(svymean(~y, u, na.rm = TRUE)), both(svytotal(~x, u)),
         byit(~x, ~district, u, svymean), both(svymean(~x, subset(u, unit > 7))))
    case(paste0("lonely covariance/", lonely, "/", kind), vcov(svyby(~x, ~sex, u, svymean, covmat = TRUE)))
    p <- postStratify(u, ~sex, data.frame(sex = c("f", "m"), Freq = c(400, 240)))
    case(paste0("lonely post-stratified/", lonely, "/", kind), both(svymean(~x, p)), byit(~x, ~age, p, svymean))
  }
}
options(survey.lonely.psu = "fail")

# svyby(covmat = TRUE) stops on a calibrated design in survey 4.1.1: the means as ratios of totals instead.
covmeans <- function(design) {
  parts <- update(design, xe = x * (district == "east"), xn = x * (district == "north"), xs = x * (district == "south"),
                  e = 1 * (district == "east"), n = 1 * (district == "north"), s = 1 * (district == "south"))
  vcov(svycontrast(svytotal(~xe + xn + xs + e + n + s, parts), list(quote(xe / e), quote(xn / n), quote(xs / s))))
}
verbs <- function(name, design) {
  case(paste0(name, "/weights"), weights(design)[1:20], sum(weights(design)^2))
  case(paste0(name, "/mean"), both(svymean(~y, design, na.rm = TRUE)))
  case(paste0(name, "/total"), both(svytotal(~x, design)))
  case(paste0(name, "/ratio"), both(svyratio(~v, ~x, design, na.rm = TRUE)))
  case(paste0(name, "/by"), byit(~y, ~district, design, svymean))
  case(paste0(name, "/subset"), both(svymean(~y, subset(design, age == "75-"), na.rm = TRUE)),
       degf(subset(design, age == "75-")))
  case(paste0(name, "/quantile"), svyquantile(~y, design, .5, na.rm = TRUE)$y[1:4])
  case(paste0(name, "/covariance"), covmeans(design))
  case(paste0(name, "/variance"), both(svyvar(~y, design, na.rm = TRUE)))
  case(paste0(name, "/Rao-Scott"), chi(~sex + heard, design, "F"), chi(~sex + heard, subset(design, stratum > 3), "Chisq"),
       chi(~sex + heard, subset(design, stratum > 3), "F"))
}
sexes <- data.frame(sex = c("f", "m"), Freq = c(390, 250))
ages <- data.frame(age = c("65-", "75-", "85-"), Freq = c(200, 260, 180))
districts <- data.frame(district = c("north", "south", "east"), Freq = c(240, 251, 149))
cells <- as.data.frame(mix); names(cells) <- c("sex", "age", "Freq"); cells$Freq <- cells$Freq / 1650 * 640
tight <- list(maxit = 300, epsilon = 1e-13, verbose = FALSE)
verbs("post-stratified", postStratify(s, ~sex + age, cells))
verbs("post-stratified clusters", postStratify(k, ~sex, sexes))
raked <- rake(s, list(~sex, ~age, ~district), list(sexes, ages, districts), control = tight)
verbs("raked", raked)
verbs("raked clusters", rake(k, list(~sex, ~age), list(sexes, ages), control = tight))
case("raked as R by default", weights(rake(s, list(~sex, ~age, ~district), list(sexes, ages, districts)))[1:20])
counts <- c(`(Intercept)` = 640, sexm = 250, `age75-` = 260, `age85-` = 180)
verbs("linear", calibrate(s, ~sex + age, counts))
verbs("linear numeric", calibrate(k, ~sex + years, c(`(Intercept)` = 1300, sexm = 510, years = 106500)))
verbs("linear bounded", calibrate(s, ~sex + years, c(`(Intercept)` = 640, sexm = 262, years = 53800),
      bounds = c(.85, 1.2), epsilon = 1e-12, maxit = 200))
verbs("calibrated raking", calibrate(s, ~sex + age, counts, calfun = "raking", epsilon = 1e-12))
verbs("calibrated raking bounded", calibrate(k, ~sex + years, c(`(Intercept)` = 1300, sexm = 510, years = 106500),
      calfun = "raking", bounds = c(.98, 1.3), epsilon = 1e-12, maxit = 200))
verbs("post-stratified then raked", rake(postStratify(s, ~district, districts), list(~sex, ~age), list(sexes, ages), control = tight))
verbs("trimmed after raking", trimWeights(raked, lower = .9, upper = 2.6))
case("trimmed", weights(trimWeights(designs$weighted, lower = 1.5, upper = 5)))
case("trimmed strictly", weights(trimWeights(designs$weighted, lower = 1.5, upper = 5, strict = TRUE)))
case("standardised after raking", byit(~x, ~district, svystandardize(raked, by = ~age, over = ~district, population = c(3, 4, 3)), svymean))

two <- rbind(d, d[d$round == 2, ]); two$file <- rep(1:2, c(nrow(d), sum(d$round == 2)))
pooled <- svydesign(ids = ~1, strata = ~interaction(file, stratum), weights = ~w, data = two)
case("pooled", both(svymean(~y, pooled, na.rm = TRUE)), both(svycontrast(svyby(~x, ~file, pooled, svymean, covmat = TRUE), c(-1, 1))))

# Wilson's interval as survey 4.5 has it, by its formula: n_eff = p (1 - p) / v, t quantile, no other factor.
wilson <- function(design) {
  m <- svymean(~safe, design, na.rm = TRUE); p <- coef(m); v <- vcov(m)
  z <- qt(.975, degf(subset(design, !is.na(safe)))); n <- drop(p * (1 - p) / v)
  c(p, (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n))
}
case("Wilson as survey 4.5", wilson(s), wilson(k), wilson(subset(k, sex == "f")))

number <- function(v) ifelse(is.finite(v), sprintf("%.17g", v), "null")
lines <- mapply(function(name, v) sprintf(" \"%s\": [%s]", name, paste(number(v), collapse = ", ")), names(cases), cases)
out <- c("{", paste(lines, collapse = ",\n"), "}")
if (identical(commandArgs(TRUE), "-")) writeLines(out) else writeLines(out, file.path(folder, "microdata.json"))
