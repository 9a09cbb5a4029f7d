suppressPackageStartupMessages(library(survey))
# calibrate() i survey lånar ginv() ur MASS. Där MASS saknas räcker samma räkning med svd().
if (!requireNamespace("MASS", quietly = TRUE)) {
  inverse <- function(X, tol) {
    parts <- svd(X)
    kept <- parts$d > tol * parts$d[1]
    parts$v[, kept, drop = FALSE] %*% (t(parts$u[, kept, drop = FALSE]) / parts$d[kept])
  }
  solver <- eval(parse(text = gsub("MASS::ginv", "inverse", deparse(survey:::grake), fixed = TRUE)))
  environment(solver) <- list2env(list(inverse = inverse), parent = asNamespace("survey"))
  assignInNamespace("grake", solver, "survey")
}

# --- Läsa filen -----------------------------------------------------------------------------------------------------
# En cell i en arbetsbok som text: dagar som 2026-03-01.
cell_text <- function(x) {
  if (length(x) == 0 || is.na(x)) return("")
  if (inherits(x, "POSIXct")) {
    day <- as.numeric(x) %% 86400 == 0
    return(format(x, if (day) "%Y-%m-%d" else "%Y-%m-%d %H:%M:%S", tz = "UTC"))
  }
  if (is.logical(x)) return(if (x) "True" else "False")
  if (is.numeric(x)) format(x, digits = 15, scientific = FALSE) else as.character(x)
}
read_file <- function(file, separator, encoding, sheet = NULL) {
  if (separator == "") {
    if (!requireNamespace("readxl", quietly = TRUE)) stop("Installera readxl, eller spara filen som CSV.")
    d <- as.data.frame(lapply(readxl::read_excel(file, sheet = sheet, col_types = "list"),
                              function(cells) vapply(cells, cell_text, "")), check.names = FALSE)
  } else {
    d <- read.csv(file, sep = separator, colClasses = "character", check.names = FALSE, fileEncoding = encoding,
                  na.strings = character(), strip.white = TRUE, comment.char = "", quote = "\"")
  }
  d[] <- lapply(d, trimws)
  d[rowSums(d != "") > 0, , drop = FALSE]
}

number <- function(x) {
  x <- gsub("[ \u00a0\u202f\u2009]", "", sub("^\u2212", "-", x))
  suppressWarnings(as.numeric(chartr(",", ".", x)))
}
same <- function(x, codes) {
  numbers <- number(codes)
  x %in% codes | (!is.na(number(x)) & number(x) %in% numbers[!is.na(numbers)])
}
# Svaren i en kolumn; NA där svar saknas.
answer <- function(x, missing = character()) {
  x[x %in% c("", "NA", "NaN") | same(x, missing)] <- NA
  x
}
among <- function(x, codes) ifelse(is.na(x), NA, same(x, codes))
exactly <- function(x, value) ifelse(is.na(x), NA, as.numeric(label(x) == value))
yes <- function(x) tolower(x) %in% c("ja", "j", "yes", "true", "sant", "sann", "1", "1.0", "1,0", "t")
# Värdet som det står i resultatet: tal där hela kolumnen är tal.
label <- function(x) {
  plain <- grepl("^-?(0|[1-9][0-9]*)([.,][0-9]+)?$", x[!is.na(x)])
  if (length(plain) && all(plain)) {
    ifelse(is.na(x), NA, vapply(number(x), format, "", scientific = FALSE, trim = TRUE, digits = 15))
  } else x
}
key <- function(...) {
  columns <- lapply(list(...), label)
  joined <- do.call(paste, c(columns, sep = "|"))
  joined[Reduce(`|`, lapply(columns, is.na))] <- NA
  joined
}
item_index <- function(items, low, high, minimum) {
  answered <- rowSums(!is.na(items))
  value <- 100 * rowMeans((items - low) / (high - low), na.rm = TRUE)
  ifelse(answered >= minimum, value, NA)
}

# Den omgång som räknas just nu: svaren som text (a), som tal (v) och undersökningens rader (r).
before <- list()
use <- function(survey) {
  a <<- survey$a
  v <<- survey$v
  r <<- survey$r
}
A <- function(name) a[[name]]
V <- function(name) if (is.null(v[[name]])) number(a[[name]]) else v[[name]]

# --- Intervall för andelar ------------------------------------------------------------------------------------------
quantile_t <- function(df, level) qt(1 - (1 - level) / 2, df)

hyper <- function(k, n, N, level, shift, weight = 0) {
  # weight 0: exakt; 0.5: mid-p
  M <- k:(N - n + k)
  up <- phyper(k - 1, M, N - M, n, lower.tail = FALSE) - weight * dhyper(k, M, N - M, n)
  down <- phyper(k, M, N - M, n) - weight * dhyper(k, M, N - M, n)
  tail <- (1 - level) / 2 * (1 - 1e-10)
  kept <- M[up > tail & down > tail]
  move <- if (n < N) shift else 0
  c(max(min(kept) - move, k), min(max(kept) + move, N - (n - k))) / N
}
wilson <- function(p, n, t) {
  if (is.infinite(n)) return(c(p, p))
  if (n <= 0) return(c(0, 1))
  s <- t^2 / n
  centre <- (p + s / 2) / (1 + s)
  half <- sqrt(p * (1 - p) * s + s^2 / 4) / (1 + s)
  pmin(pmax(c(centre - half, centre + half), 0), 1)
}
exact_beta <- function(k, n, tail) {
  c(if (k == 0) 0 else qbeta(tail, k, n - k + 1), if (k == n) 1 else qbeta(1 - tail, k + 1, n - k))
}
share_interval <- function(method, o, level) {
  tail <- (1 - level) / 2
  z <- qnorm(1 - tail)
  edge <- o$p < 1e-9 || o$p > 1 - 1e-9
  fraction <- if (is.na(o$N)) 0 else o$n / o$N
  at_edge <- if (fraction >= 1) Inf else (o$n - 1) / (1 - fraction)
  effective <- if (o$v > 0) o$p * (1 - o$p) / o$v else Inf
  switch(method,
    hypergeometric = hyper(o$k, o$n, o$N, level, o$shift),
    mid_p = hyper(o$k, o$n, o$N, level, o$shift, 0.5),
    wilson = wilson(o$k / o$n, o$n, z),
    wilson_finite = wilson(o$k / o$n, if (o$n == o$N) Inf else o$n * (o$N - 1) / (o$N - o$n), z),
    wilson_effective = wilson(if (edge) round(o$p) else o$p, if (edge) at_edge else effective,
                              quantile_t(max(o$df, 1), level)),
    wilson_survey = wilson(o$p, effective, quantile_t(o$df, level)),
    clopper_pearson = exact_beta(o$k, o$n, tail),
    jeffreys = c(if (o$k == 0) 0 else qbeta(tail, o$k + 0.5, o$n - o$k + 0.5),
                 if (o$k == o$n) 1 else qbeta(1 - tail, o$k + 0.5, o$n - o$k + 0.5)),
    agresti_coull = {
      n <- o$n + z^2
      p <- (o$k + z^2 / 2) / n
      pmin(pmax(p + c(-1, 1) * z * sqrt(p * (1 - p) / n), 0), 1)
    },
    beta = if (edge) exact_beta(round(o$p) * at_edge, at_edge, tail) else {
      n <- effective * (quantile_t(o$n - 1, level) / quantile_t(o$df, level))^2
      exact_beta(o$p * n, n, tail)
    },
    logit = plogis(qlogis(o$p) + c(-1, 1) * quantile_t(o$df, level) * sqrt(o$v) / (o$p * (1 - o$p))),
    mean = o$p + c(-1, 1) * quantile_t(o$df, level) * sqrt(o$v)
  )
}

# --- Vikter ---------------------------------------------------------------------------------------------------------
count_units <- function(units, stratum) as.numeric(tapply(units, stratum, function(x) length(unique(x)))[stratum])
rake_to <- function(design, formulas, tables) rake(design, formulas, tables, control = list(maxit = 500, epsilon = 1e-11))
# Kända antal per grupp och kända summor, som kolumner utan upprepning.
calibrate_to <- function(design, tables, numeric, calfun, bounds) {
  columns <- list()
  totals <- c()
  for (i in seq_along(tables)) {
    groups <- tables[[i]][[1]]
    for (j in seq_along(groups)[if (i == 1) TRUE else -1]) {
      columns[[length(columns) + 1]] <- as.numeric(design$variables[[names(tables[[i]])[1]]] == groups[j])
      totals <- c(totals, tables[[i]]$Freq[j])
    }
  }
  for (one in numeric) {
    columns[[length(columns) + 1]] <- one$x
    totals <- c(totals, one$total)
  }
  names(columns) <- names(totals) <- paste0("x", seq_along(columns))
  design$variables[names(columns)] <- columns
  formula <- as.formula(paste("~ 0 +", paste(names(columns), collapse = " + ")))
  calibrate(design, formula, population = totals, calfun = calfun, bounds = bounds, epsilon = 1e-11, maxit = 200)
}

# --- Skattningar ----------------------------------------------------------------------------------------------------
freedom <- function(df, design, n) switch(as.character(df), normal = Inf, design = degf(design), `n-1` = n - 1,
                                          as.numeric(df))
part <- function(design, keep, ...) {
  # Rader utanför står kvar med vikten 0 i en kalibrerad undersökning, och 0 gånger NA är NA.
  columns <- lapply(list(...), function(x) replace(x, !keep, x[keep][1]))
  design$variables[names(columns)] <- columns
  subset(design, keep)
}
from_stat <- function(stat, df, level) {
  ci <- confint(stat, level = level, df = df)
  c(estimate = as.numeric(coef(stat))[1], se = as.numeric(SE(stat))[1], lo = ci[1, 1], hi = ci[1, 2])
}
mean_of <- function(design, keep, y, df, level) {
  keep <- keep & !is.na(y)
  sub <- part(design, keep, .y = y)
  from_stat(svymean(~.y, sub), freedom(df, sub, sum(keep)), level)
}
total_of <- function(design, keep, y, df, level) {
  keep <- keep & !is.na(y)
  sub <- part(design, keep, .y = y)
  from_stat(svytotal(~.y, sub), freedom(df, sub, sum(keep)), level)
}
ratio_of <- function(design, keep, a, b, df, level) {
  keep <- keep & !is.na(a) & !is.na(b)
  sub <- part(design, keep, .a = a, .b = b)
  from_stat(svyratio(~.a, ~.b, sub), freedom(df, sub, sum(keep)), level)
}
share_of <- function(design, keep, y, row, df, level) {
  keep <- keep & !is.na(y)
  sub <- part(design, keep, .y = y)
  stat <- svymean(~.y, sub)
  p <- as.numeric(coef(stat))
  p <- if (p < 1e-9) 0 else if (p > 1 - 1e-9) 1 else p
  se <- if (p %in% c(0, 1)) 0 else as.numeric(SE(stat))
  observed <- list(p = p, v = se^2, k = sum(y[keep]), n = sum(keep), N = row$N, shift = row$shift,
                   df = freedom(df, sub, sum(keep)))
  ci <- if (is.na(row$lo)) c(NA, NA) else share_interval(row$method, observed, level)
  c(estimate = p, se = se, lo = ci[1], hi = ci[2])
}

quantile_of <- function(design, keep, y, share, df, level) {
  keep <- keep & !is.na(y)
  sub <- part(design, keep, .y = y)
  found <- svyquantile(~.y, sub, share, alpha = 1 - level, df = freedom(df, sub, sum(keep)))[[1]][1, ]
  c(estimate = found[["quantile"]], se = found[["se"]], lo = found[[2]], hi = found[[3]])
}
variance_of <- function(design, keep, y, df, level) {
  sub <- part(design, keep, .y = y)
  stat <- svyvar(~.y, sub, na.rm = TRUE)
  value <- as.numeric(coef(stat))[1]
  se <- as.numeric(SE(stat))[1]
  half <- quantile_t(freedom(df, subset(sub, !is.na(.y)), sum(keep & !is.na(y))), level) * se
  c(estimate = value, se = se, lo = value - half, hi = value + half)
}
effect_of <- function(design, keep, y) {
  c(estimate = as.numeric(deff(svymean(~.y, part(design, keep & !is.na(y), .y = y), deff = TRUE))))
}
groups_of <- function(design, keep, cell, y, statistic) {
  svyby(~.y, ~.cell, part(design, keep & !is.na(y), .y = y, .cell = cell), statistic, covmat = TRUE)
}
contrast_of <- function(design, keep, cell, y, statistic, coefficients, df, level, ratio = FALSE) {
  keep <- keep & cell %in% names(coefficients)
  by <- groups_of(design, keep, cell, y, statistic)
  sub <- part(design, keep & !is.na(y))
  if (ratio) {
    sides <- lapply(list(coefficients[coefficients > 0], -coefficients[coefficients < 0]), function(side) {
      paste0("(", paste(side, paste0("`", names(side), "`"), sep = " * ", collapse = " + "), ")")
    })
    stat <- svycontrast(by, str2lang(paste(sides[[1]], "/", sides[[2]])))
  } else stat <- svycontrast(by, coefficients)
  from_stat(stat, freedom(df, sub, sum(keep & !is.na(y))), level)
}
# Flera variabler, var och en bland dem som svarat på den: variansen av summan av linjäriserade värden.
variables_of <- function(design, keep, columns, statistic, coefficients, df, level) {
  z <- rep(0, length(keep))
  value <- 0
  some <- rep(FALSE, length(keep))
  w <- weights(design)
  for (name in names(coefficients)) {
    y <- columns[[name]]
    has <- keep & !is.na(y)
    total <- sum(w[has])
    figure <- if (identical(statistic, svytotal)) sum((w * y)[has]) else sum((w * y)[has]) / total
    score <- if (identical(statistic, svytotal)) y else (y - figure) / total
    z[has] <- z[has] + coefficients[[name]] * score[has]
    value <- value + coefficients[[name]] * figure
    some <- some | has
  }
  sub <- part(design, some, .z = z)
  half <- SE(svytotal(~.z, sub))[1]
  t <- qt(1 - (1 - level) / 2, freedom(df, sub, sum(some)))
  c(estimate = value, se = half, lo = value - t * half, hi = value + t * half)
}
standardised_of <- function(design, keep, cell, y, mix, population, row, df, level) {
  sub <- part(design, keep & !is.na(y), .y = y, .mix = mix, .cell = cell)
  sub <- svystandardize(sub, by = ~.mix, over = ~.cell, population = population[sort(unique(mix[keep & !is.na(y)]))])
  one <- subset(sub, .cell == row$key)
  from_stat(svymean(~.y, one), freedom(df, one, sum(keep & !is.na(y) & cell %in% row$key)), level)
}
test_of <- function(design, keep, one, other) {
  found <- svychisq(~.a + .b, part(design, keep, .a = factor(one), .b = factor(other)), statistic = "F")
  c(estimate = as.numeric(found$statistic), p = as.numeric(found$p.value))
}
alpha_of <- function(design, keep, columns) {
  names(columns) <- paste0("item", seq_along(columns))
  for (column in columns) keep <- keep & !is.na(column)
  sub <- do.call(part, c(list(design, keep), columns))
  c(estimate = as.numeric(svycralpha(as.formula(paste("~", paste(names(columns), collapse = " + "))), sub)))
}

# --- Skillnader -----------------------------------------------------------------------------------------------------
side_of <- function(design, keep, y) {
  keep <- keep & !is.na(y)
  sub <- part(design, keep, .y = y)
  stat <- svymean(~.y, sub)
  list(p = as.numeric(coef(stat)), v = as.numeric(SE(stat))^2, n = sum(keep), k = sum(y[keep]), df = degf(sub))
}
mover <- function(one, other) {
  gap <- one$p - other$p
  c(gap - sqrt((one$p - one$ci[1])^2 + (other$ci[2] - other$p)^2),
    gap + sqrt((one$ci[2] - one$p)^2 + (other$p - other$ci[1])^2))
}
doubled <- function(test) min(1, 2 * min(test("less"), test("greater")))
by_counts <- function(one, other, rest, total, level) {
  one$p <- one$k / one$n
  other$p <- other$k / other$n
  one$ci <- wilson(one$p, one$n, quantile_t(Inf, level))
  other$ci <- wilson(other$p, other$n, quantile_t(Inf, level))
  ci <- mover(one, other)
  p <- if (rest && one$n <= 0.1 * total && other$p > 0 && other$p < 1) {
    doubled(function(side) binom.test(one$k, one$n, other$p, side)$p.value)
  } else {
    table <- matrix(c(one$k, one$n - one$k, other$k, other$n - other$k), 2)
    doubled(function(side) fisher.test(table, alternative = side)$p.value)
  }
  c(estimate = one$p - other$p, lo = ci[1], hi = ci[2], p = p)
}
by_weights <- function(one, other, level) {
  limits <- function(side, tail) {
    edge <- side$p < 1e-9 || side$p > 1 - 1e-9
    if (edge) side$p <- round(side$p)
    side$ci <- wilson(side$p, if (edge) side$n - 1 else side$p * (1 - side$p) / side$v, qt(1 - tail, max(side$df, 1)))
    side
  }
  both <- function(tail) mover(limits(one, tail), limits(other, tail))
  ci <- both((1 - level) / 2)
  sure <- function(tail) prod(both(tail)) > 0
  low <- log(1e-15 / 2)
  high <- log(0.5)
  for (step in 1:60) {
    middle <- (low + high) / 2
    if (sure(exp(middle))) high <- middle else low <- middle
  }
  c(estimate = one$p - other$p, lo = ci[1], hi = ci[2], p = 2 * exp(high))
}
difference_of <- function(one, other, exact, level, rest = FALSE, total = Inf) {
  if (exact) by_counts(one, other, rest, total, level) else by_weights(one, other, level)
}
t_test <- function(gap, se, df, level) {
  t <- quantile_t(df, level)
  c(estimate = gap, se = se, lo = gap - t * se, hi = gap + t * se, p = min(1, 2 * pt(-abs(gap) / se, df)))
}
# Medelvärden i två grupper av samma undersökning, med deras kovarians.
means_apart <- function(design, keep, side, y, df, level) {
  keep <- keep & !is.na(y) & !is.na(side)
  by <- svyby(~.y, ~.side, part(design, keep, .y = y, .side = side), svymean, covmat = TRUE)
  stat <- svycontrast(by, c(1, -1))
  t_test(as.numeric(coef(stat)), as.numeric(SE(stat)), freedom(df, part(design, keep), sum(keep)), level)
}
# Två oberoende omgångar.
rounds_apart <- function(now, then, keep, keep_then, y, y_then, df, level) {
  one <- side_of(now, keep, y)
  other <- side_of(then, keep_then, y_then)
  degrees <- switch(as.character(df), normal = Inf, design = one$df + other$df, `n-1` = one$n + other$n - 1,
                    as.numeric(df))
  t_test(one$p - other$p, sqrt(one$v + other$v), degrees, level)
}
# Två omgångar med samma personer: personen är den primära enheten.
rounds_together <- function(now, then, keep, keep_then, y, y_then, df, level) {
  rows <- function(design, keep, y, round) {
    stratum <- if (is.null(design$variables$stratum)) "" else design$variables$stratum
    data.frame(person = design$variables$cluster, stratum = stratum, w = weights(design), keep = keep & !is.na(y),
               y = y, round = round)
  }
  all <- rbind(rows(now, keep, y, 1), rows(then, keep_then, y_then, 2))
  design <- svydesign(ids = ~person, strata = ~stratum, weights = ~w, data = all)
  means_apart(design, all$keep, all$round, all$y, df, level)
}

# --- Jämföra --------------------------------------------------------------------------------------------------------
worst <- 0
figures <- character()
failed <- FALSE
at <- function(row) inside & cell %in% row$key
judge <- function(id, row, what, theirs, tolerance) {
  ours <- row[[what]]
  if (is.na(ours)) return(invisible())
  figures <<- c(figures, sprintf('{"id": "%s", "key": "%s", "name": "%s", "what": "%s", "value": %s}', id, row$key,
                                 row$name, what, if (is.na(theirs)) "null" else sprintf("%.17g", theirs)))
  gap <- abs(ours - theirs) / max(abs(theirs), 1e-3)
  ok <- !is.na(gap) && gap <= tolerance
  worst <<- max(worst, gap, na.rm = TRUE)
  failed <<- failed || !ok
  cat(sprintf("  %-20s %-20s %-10s enkat %.17g  R %.17g  skillnad %.1e%s\n", row$key, row$name, what, ours, theirs, gap,
              if (ok) "" else "  FEL"))
}
compare <- function(id, rows, figure, tolerance, adjust = NULL) {
  cat(sprintf("\n%s\n", id))
  found <- lapply(seq_len(nrow(rows)), function(i) figure(as.list(rows[i, ])))
  for (i in seq_along(found)) {
    for (what in intersect(c("estimate", "se", "lo", "hi", "p"), names(found[[i]]))) {
      judge(id, as.list(rows[i, ]), what, found[[i]][[what]], tolerance)
    }
  }
  if (!is.null(adjust)) {
    adjusted <- p.adjust(vapply(found, function(one) one[["p"]], 0), adjust)
    for (i in seq_along(adjusted)) judge(id, as.list(rows[i, ]), "p_adjusted", adjusted[i], tolerance)
  }
}
finish <- function() {
  cat(sprintf("\nStörsta relativa skillnad: %.2e%s\n", worst, if (failed) ". Siffror skiljer sig." else ""))
  # Andra argumentet: en fil där R:s siffror sparas som JSON.
  if (length(arguments) > 1) writeLines(c("[", paste(figures, collapse = ",\n"), "]"), arguments[2], useBytes = TRUE)
  if (failed) quit(status = 1)
}
