// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.NOT_AUTHENTICATED;
import static dev.serviceidentity.k8s.token.TokenRejection.REVIEW_DISAGREES;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.budget.Payer;
import dev.serviceidentity.spi.ForeignText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Has the API server judge (TokenReview): it knows which pods and accounts have been deleted. One
 * token is asked about once at a time, however many requests bring it.
 */
final class ReviewJudge implements Judge {
  private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String RIGHTS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  private static final String EXTRA = "authentication.kubernetes.io/";

  private static final Logger LOG = System.getLogger(ReviewJudge.class.getName());

  private final ApiCalls api;
  private final ServiceAccountNaming naming;
  private final Set<String> audiences;
  private final Duration memory;
  private final ReviewBudget budgets;
  private final Clock clock;
  private final Map<String, CompletableFuture<Verification>> underWay = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();

  ReviewJudge(
      ApiCalls api,
      ServiceAccountNaming naming,
      Set<String> audiences,
      Settings settings,
      Clock clock) {
    this.api = api;
    this.naming = naming;
    this.audiences = audiences;
    this.memory = settings.memory();
    this.budgets = settings.budget();
    this.clock = clock;
  }

  /**
   * What may be set.
   *
   * @param memory for how long a good answer counts
   * @param budget how many reviews callers may cause
   */
  record Settings(Duration memory, ReviewBudget budget) {}

  /**
   * Asks whether reviews are granted to this service, so that it is known before a caller comes.
   *
   * @throws IdentityException if the API server does not answer
   */
  void awaitRight(Duration patience) {
    try {
      Map<String, Object> answer =
          api.post(RIGHTS, rightToReview()).get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (Boolean.FALSE.equals(new Claims(answer).part("status").members().get("allowed"))) {
        String missing = TokenRejection.REVIEW_FORBIDDEN.remedy();
        LOG.log(Level.WARNING, "Tokens of callers cannot be judged. {0}", missing);
        trouble.set(new Trouble(missing, clock.instant()));
      }
    } catch (ExecutionException e) {
      IdentityException why = ApiCalls.reason(e);
      // Who may not even ask finds out by trying.
      if (why.code() != Code.REFUSED) {
        throw new IdentityException(why.code(), String.valueOf(why.getMessage()), why);
      }
    } catch (TimeoutException e) {
      throw new IdentityException(
          Code.AUTHORITY_UNREACHABLE, "The API server has not answered in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityException(
          Code.NOT_READY, "Interrupted while waiting for the API server", e);
    } catch (RefusedToken e) {
      throw new IdentityException(
          Code.AUTHORITY_UNREACHABLE, "The API server's answer has another form than it should", e);
    }
  }

  private static Map<String, Object> rightToReview() {
    return Map.of(
        "apiVersion",
        "authorization.k8s.io/v1",
        "kind",
        "SelfSubjectAccessReview",
        "spec",
        Map.of(
            "resourceAttributes",
            Map.of(
                "verb", "create", "group", "authentication.k8s.io", "resource", "tokenreviews")));
  }

  @Override
  public Verification judge(ReadToken token) {
    return Verification.rejected(
        RefusalReason.UNAVAILABLE, "The API server must be asked, which only verifyAsync does");
  }

  @Override
  public CompletionStage<Verification> ask(ReadToken token, Presenter presenter) {
    Payer payer = ReviewBudget.payer(presenter);
    CallerBudget budget = budgets.of(presenter);
    CompletableFuture<Verification> asked = underWay.get(token.text());
    Verification overloaded =
        Verification.rejected(
            RefusalReason.OVERLOADED,
            "Too many unknown tokens come from " + presenter.payer().address());
    if (asked == null && !budget.maySpend(payer)) {
      return CompletableFuture.completedFuture(overloaded);
    }
    return budget
        .waitFor(payer, () -> asked == null ? review(token) : asked, overloaded)
        .whenComplete(
            (found, error) -> {
              if (found instanceof Verified) {
                budgets.know(presenter);
              }
            });
  }

  private CompletableFuture<Verification> review(ReadToken token) {
    var mine = new CompletableFuture<Verification>();
    CompletableFuture<Verification> other = underWay.putIfAbsent(token.text(), mine);
    if (other != null) {
      return other;
    }
    // Whatever fails, foreign code or ours, must end here: others wait for this and pay for it.
    CompletableFuture<Verification> unused =
        CompletableFuture.completedFuture(token)
            .thenCompose(each -> api.post(REVIEWS, question(each)))
            .handle((answer, error) -> answer == null ? failed(error) : answered(token, answer))
            .exceptionally(this::failed)
            .whenComplete(
                (found, error) -> {
                  underWay.remove(token.text(), mine);
                  mine.complete(found == null ? undecided(error) : found);
                });
    return mine;
  }

  private static Verification undecided(@Nullable Throwable error) {
    return Verification.rejected(
        TokenRejection.REVIEW_UNAVAILABLE, ForeignText.quote(String.valueOf(error)));
  }

  private Map<String, Object> question(ReadToken token) {
    return Map.of(
        "apiVersion", "authentication.k8s.io/v1",
        "kind", "TokenReview",
        "spec", Map.of("token", token.text(), "audiences", List.copyOf(audiences)));
  }

  private Verification answered(ReadToken token, Map<String, Object> answer) {
    trouble.set(null);
    try {
      return Verification.verified(caller(token, new Claims(answer).part("status")));
    } catch (RefusedToken e) {
      return e.rejection() == TokenRejection.TOKEN_MALFORMED
          ? Verification.rejected(REVIEW_DISAGREES, "The answer has another form than TokenReview")
          : e.toVerification();
    }
  }

  private Caller caller(ReadToken token, Claims status) throws RefusedToken {
    require(
        Boolean.TRUE.equals(status.members().get("authenticated")),
        NOT_AUTHENTICATED,
        "The API server says " + ForeignText.quote(status.text("error").orElse("no")));
    Object confirmed = status.members().get("audiences");
    // An API server that knows no audiences confirms none: then it is not said for whom this is.
    require(
        confirmed instanceof List<?> list && audiences.stream().anyMatch(list::contains),
        REVIEW_DISAGREES,
        "The API server confirms the audiences " + ForeignText.quote(String.valueOf(confirmed)));
    Claims user = status.part("user");
    ServiceAccountName account = ServiceAccountNaming.account(user.text("username").orElse(""));
    require(
        account.equals(ServiceAccountNaming.account(token.claims())),
        REVIEW_DISAGREES,
        "The API server says " + account + ", the token another name");
    Caller caller =
        Caller.of(naming.principal(account), clock.instant(), Expectations.end(token.claims()));
    Claims extra = user.part("extra");
    return ServiceAccountNaming.withPod(
        caller, one(extra, EXTRA + "pod-name"), one(extra, EXTRA + "pod-uid"));
  }

  private static String one(Claims extra, String name) throws RefusedToken {
    Object values = extra.members().get(name);
    if (values == null) {
      return "";
    }
    require(
        values instanceof List<?> list && list.size() == 1 && list.get(0) instanceof String,
        REVIEW_DISAGREES,
        "The API server says several times " + name);
    return (String) ((List<?>) values).get(0);
  }

  private Verification failed(@Nullable Throwable error) {
    IdentityException why =
        ApiCalls.reason(
            error == null ? new IllegalStateException("Neither answer nor error") : error);
    TokenRejection reason =
        why.code() == Code.REFUSED
            ? TokenRejection.REVIEW_FORBIDDEN
            : TokenRejection.REVIEW_UNAVAILABLE;
    String what = String.valueOf(why.getMessage());
    String cure = reason == TokenRejection.REVIEW_FORBIDDEN ? ". " + reason.remedy() : "";
    trouble.updateAndGet(before -> Trouble.of(before, what + cure, clock.instant()));
    return Verification.rejected(reason, what);
  }

  @Override
  public long generation() {
    return 0;
  }

  @Override
  public Duration memory() {
    return memory;
  }

  @Override
  public @Nullable Trouble trouble() {
    return trouble.get();
  }

  @Override
  public void close() {
    // Reviews that are under way end by themselves.
  }
}
