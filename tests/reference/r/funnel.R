# Reference figures for enkat/statistics/funnel, pooled and case_mix, from R.
#
# Remake:  Rscript tests/reference/r/funnel.R > tests/reference/r/funnel.json
# Made with R 4.2.2 and survey 4.1.1. The beta-binomial is fitted by optim on its likelihood, written out here.

suppressMessages(library(survey))

number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
list_of <- function(x) sprintf("[%s]", paste(number(x), collapse = ", "))
field <- function(name, text) sprintf('"%s": %s', name, text)

set.seed(20)
n <- c(1, 3, 7, 12, 18, 25, 33, 40, 52, 60, 75, 90, 110, 130, 160, 190, 230, 280, 340, 500)
cities <- list(spread = rbinom(length(n), n, rbeta(length(n), 12, 3)), even = round(n * .8))
one_city <- function(k) {
  centre <- sum(k) / sum(n); y <- k / n
  z <- (y - centre) / sqrt(centre * (1 - centre) / n)
  moved <- floor(.1 * length(n)); s <- sort(z)
  phi <- max(1, mean(pmin(pmax(z, s[moved + 1]), s[length(s) - moved])^2))
  limit <- function(p) {
    r <- qbinom(p, n, centre)
    a <- (pbinom(r, n, centre) - p) / (pbinom(r, n, centre) - pbinom(r - 1, n, centre))
    (r - a) / n
  }
  stretched <- function(p) pmin(1, pmax(0, centre + sqrt(phi) * (limit(p) - centre)))
  loss <- function(q) {
    mean <- plogis(q[1]); strength <- exp(q[2]); a <- mean * strength; b <- (1 - mean) * strength
    -sum(lbeta(k + a, n - k + b) - lbeta(a, b))
  }
  best <- optim(c(qlogis(centre), log(50)), loss, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000))
  best <- optim(best$par, loss, method = "Nelder-Mead", control = list(reltol = 1e-16, maxit = 5000))
  best <- optim(best$par, loss, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000, ndeps = c(1e-5, 1e-5)))
  strength <- min(exp(best$par[2]), sum(n))
  mean <- if (strength < sum(n)) plogis(best$par[1]) else
    plogis(optimize(function(q) loss(c(q, log(sum(n)))), qlogis(centre) + c(-1, 1), tol = 1e-12)$minimum)
  a <- mean * strength + k; b <- (1 - mean) * strength + n - k
  paste(field("k", list_of(k)), field("n", list_of(n)), field("centre", number(centre)), field("phi", number(phi)),
        field("z", list_of(z)), field("lo95", list_of(stretched(.025))), field("hi95", list_of(stretched(.975))),
        field("lo998", list_of(stretched(.001))), field("hi998", list_of(stretched(.999))),
        field("mean", number(mean)), field("strength", number(strength)), field("share", list_of(a / (a + b))),
        field("lo", list_of(qbeta(.025, a, b))), field("hi", list_of(qbeta(.975, a, b))), sep = ", ")
}

# Answers in four cells; the standard's mix; direct standardisation and the sandwich of its least squares fit.
cells <- data.frame(cell = factor(1:4), n = c(12, 30, 25, 8), k = c(9, 27, 17, 8))
mix <- c(100, 300, 240, 160)
people <- do.call(rbind, lapply(1:4, function(i) data.frame(
  cell = factor(i, 1:4), y = rep(1:0, c(cells$k[i], cells$n[i] - cells$k[i])))))
fitted <- lm(y ~ 0 + cell, people)
x <- model.matrix(fitted); bread <- solve(crossprod(x)); meat <- crossprod(x * residuals(fitted))
w <- mix / sum(mix); hc1 <- bread %*% meat %*% bread * nrow(x) / (nrow(x) - ncol(x))
design <- svystandardize(svydesign(~1, data = people, weights = ~I(rep(1, nrow(people)))), by = ~cell, over = ~1, population = mix)
standard <- paste(field("k", list_of(cells$k)), field("n", list_of(cells$n)), field("mix", list_of(mix)),
                  field("share", number(coef(svymean(~y, design))[[1]])),
                  field("variance", number(as.numeric(t(w) %*% hc1 %*% w))), sep = ", ")

cat(sprintf('{"spread": {%s},\n"even": {%s},\n"standard": {%s}}\n',
            one_city(cities$spread), one_city(cities$even), standard))
