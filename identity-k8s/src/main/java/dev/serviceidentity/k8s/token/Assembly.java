// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.client.Transport;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.Opening;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts an identity together, and closes what it has opened if that fails. */
final class Assembly {
  private final Who who;
  private final Own own;
  private final Judging judging;
  private final @Nullable ClientSource clients;
  private final IdentityRuntime runtime;

  /** Whose tokens they are. */
  record Who(
      MechanismName name,
      @Nullable OidcIssuer oidc,
      @Nullable String issuer,
      @Nullable String domain) {}

  /** The own tokens; the first of them says who this is. */
  record Own(List<Projected> files, boolean requests, TokenIdentity.Sending sending) {}

  /** A token for an audience in a file. */
  record Projected(String audience, Path file) {}

  /** How callers' tokens are judged. */
  record Judging(
      boolean byKeys,
      Set<String> audiences,
      Set<String> algorithms,
      Duration longestLife,
      Duration clockSkew,
      Duration memory,
      ReviewBudget.Rates reviews,
      IssuerKeys.Pace pace) {}

  Assembly(
      Who who, Own own, Judging judging, @Nullable ClientSource clients, IdentityRuntime runtime) {
    this.who = who;
    this.own = own;
    this.judging = judging;
    this.clients = clients;
    this.runtime = runtime;
  }

  static IdentityException wrong(String question) {
    return new IdentityException(CONFIGURATION, "An identity of tokens needs " + question);
  }

  TokenIdentity open(Runnable releaseRuntime) {
    KubernetesClient client = clients == null ? null : clients.open();
    Runnable release =
        () -> {
          if (client != null && clients != null) {
            clients.close(client);
          }
          releaseRuntime.run();
        };
    return Opening.orClose(release, () -> assemble(client == null ? null : calls(client), release));
  }

  private ApiCalls calls(KubernetesClient client) {
    if (!own.sending().plainHttp()) {
      Transport.requireProtected(client, ", or say exposeTokensOverPlainHttp()");
    }
    return new ApiCalls(client);
  }

  private TokenIdentity assemble(@Nullable ApiCalls api, Runnable release) {
    String issuer = issuer();
    if (judging.audiences().contains(issuer)) {
      throw wrong(
          "an audience of its own: "
              + issuer
              + " is the issuer, and so the default audience of a cluster's API server, for which"
              + " every pod has a token");
    }
    Naming naming = naming(issuer);
    var form = new TokenForm(judging.algorithms(), naming);
    Map<String, TokenFile> files = files(form);
    var expected =
        new Expectations(
            issuer,
            judging.audiences(),
            judging.algorithms(),
            judging.longestLife(),
            judging.clockSkew());
    Judge judge = judge(api, issuer, naming);
    return Opening.orClose(
        judge::close,
        () ->
            new TokenIdentity(
                new TokenIdentity.Parts(
                    who.name(),
                    files.isEmpty() ? null : ownTokens(files, api, form),
                    acceptor(issuer),
                    judge,
                    own.sending()),
                expected,
                runtime.clock(),
                release));
  }

  private Map<String, TokenFile> files(TokenForm form) {
    var files = new LinkedHashMap<String, TokenFile>();
    for (Projected each : own.files()) {
      files.put(
          each.audience(), new TokenFile(each.audience(), each.file(), form, runtime.clock()));
    }
    return files;
  }

  private OwnTokens ownTokens(
      Map<String, TokenFile> files, @Nullable ApiCalls api, TokenForm form) {
    TokenFile first = files.values().iterator().next();
    RequestedTokens requested =
        own.requests() && api != null
            ? new RequestedTokens(api, first::token, form, runtime.clock())
            : null;
    return new OwnTokens(who.name(), files, requested, runtime.clock(), runtime.scheduler());
  }

  private Judge judge(@Nullable ApiCalls api, String issuer, Naming naming) {
    if (api != null
        && who.oidc() == null
        && !judging.byKeys()
        && naming instanceof ServiceAccountNaming accounts) {
      var settings =
          new ReviewJudge.Settings(
              judging.memory(),
              new ReviewBudget(judging.reviews(), new SecureRandom(), System::nanoTime));
      var judge = new ReviewJudge(api, accounts, judging.audiences(), settings, runtime.clock());
      judge.awaitRight(runtime.openTimeout());
      return judge;
    }
    KeySource source =
        who.oidc() == null && api != null
            ? new ClusterKeySource(api, issuer)
            : new HttpsKeySource(issuer, TrustAnchors.context(who.oidc()));
    IssuerKeys keys = IssuerKeys.open(issuer, source, judging.pace(), runtime);
    return new KeyJudge(keys, naming, KeyJudge.budget(System::nanoTime), runtime.clock());
  }

  /** As configured, or as the first own token has it: the kubelet has put it there. */
  private String issuer() {
    if (who.oidc() != null) {
      return who.oidc().url();
    }
    if (who.issuer() != null) {
      return who.issuer();
    }
    if (own.files().isEmpty()) {
      throw wrong("issuer(...), or token(...): whose tokens are they?");
    }
    Projected first = own.files().get(0);
    return TokenFile.issuerIn(first.audience(), first.file(), judging.algorithms());
  }

  private Naming naming(String issuer) {
    String domain =
        DomainOfIssuer.of(
            issuer, who.oidc() == null ? who.domain() : who.oidc().domain().orElse(null));
    return who.oidc() == null
        ? new ServiceAccountNaming(domain)
        : new ClaimTemplate(who.name(), domain, who.oidc().template());
  }

  /** Who only verifies is known by the name that callers' tokens are for. */
  private IdentitySnapshot acceptor(String issuer) {
    String domain =
        DomainOfIssuer.of(
            issuer, who.oidc() == null ? who.domain() : who.oidc().domain().orElse(null));
    return new IdentitySnapshot(
        new PrincipalId(who.name(), domain, judging.audiences().iterator().next()),
        runtime.clock().instant(),
        Instant.MAX,
        1);
  }
}
