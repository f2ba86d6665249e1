// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer that is no Kubernetes, by its discovery document and keys over TLS. */
class OidcIssuerTest extends OidcCases {
  @Test
  void aTokenNamesItsCallerByTheTemplate() {
    identity = opened(issuer().principal("/repo/{repository/owner}/{repository/id}"));

    Caller caller =
        identity
            .callers()
            .verify(
                Requests.bearer(
                    signed(claims().claim("repository", Map.of("owner", "shop", "id", "web")))))
            .orElseThrow();

    assertThat(identity.name()).isEqualTo(OidcIssuer.NAME);
    assertThat(caller.principal().mechanism()).isEqualTo(OidcIssuer.NAME);
    assertThat(caller.principal().domain()).isEqualTo(server.url().substring("https://".length()));
    assertThat(caller.principal().name()).isEqualTo("/repo/shop/web");
    assertThat(caller.boundPod()).isEmpty();
  }

  @Test
  void claimsThatCouldBeMistakenForOthersNameNobody() {
    identity = opened(issuer().principal("{team}:{repo}"));

    assertThat(name(claims().claim("team", "a").claim("repo", "b"))).isEqualTo("a:b");
    refused(claims().claim("team", "a:b").claim("repo", "c"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", "").claim("repo", "c"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", "a"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", 1).claim("repo", "c"), TokenRejection.TOKEN_MALFORMED);
  }

  @Test
  void aSubjectIsNoSpiffePathUnlessTheTemplateMakesItOne() {
    identity = opened(issuer());

    assertThat(name(claims().subject("alice"))).isEqualTo("alice");
    refused(claims().subject("/ns/shop/sa/web"), TokenRejection.NO_PRINCIPAL);
    refused(claims().subject("spiffe://shop.example/ns/shop/sa/web"), TokenRejection.NO_PRINCIPAL);
    refused(claims().subject("al ice"), TokenRejection.NO_PRINCIPAL);
  }

  @Test
  void aTemplateThatWouldMixClaimsIsNotUsed() {
    for (String template : List.of("{a}{b}", "{a}-{b}", "none", "{a", "{}", "{a}x{b}")) {
      assertThatThrownBy(() -> opened(issuer().principal(template)))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("cannot be used");
    }
  }

  @Test
  void aClaimIsNoPartOfAPathUnlessTheTemplateMakesItOne() {
    identity = opened(issuer().principal("/{sub}"));

    assertThat(name(claims().subject("alice"))).isEqualTo("/alice");
    refused(claims().subject("ns/shop/sa/web"), TokenRejection.NO_PRINCIPAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtls", "kerberos", "service-account-token"})
  void anIssuerOutsideIsNoneOfTheMechanismsWhoseNamesStandForAccounts(String mechanism) {
    assertThatThrownBy(() -> issuer().named(mechanism))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(mechanism);
  }

  @Test
  void theIssuerItselfIsNoAudience() {
    assertThatThrownBy(
            () ->
                TokenIdentity.builder()
                    .verifyBy(issuer())
                    .audience("orders")
                    .audience(server.url())
                    .open(runtime.runtime()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("default audience");
  }

  @Test
  void aTokenOfAnotherIssuerBelongsToTheApplication() {
    identity = opened(issuer());

    assertThat(identity.callers().claims(Requests.bearer(signed(claims())))).isTrue();
    assertThat(
            identity
                .callers()
                .claims(Requests.bearer(signed(claims().issuer("https://other.example")))))
        .isFalse();
  }

  @Test
  void aDocumentOfAnotherIssuerIsRefused() {
    server.discovery("https://attacker.example", server.url() + OidcServer.KEYS);

    unopened("another issuer");
  }

  @Test
  void keysThatAreNotAtHttpsAreRefused() {
    server.discovery(server.url(), "http://127.0.0.1/keys");
    unopened("not of https");
    server.discovery(server.url(), "file:///etc/keys");
    unopened("not of https");
  }

  @Test
  void redirectsAreNotFollowed() {
    server.redirect(OidcServer.KEYS, server.url() + "/elsewhere");
    server.page("/elsewhere", signer.jwks());

    unopened("redirects are not followed");
  }

  @Test
  void anAnswerThatIsTooLongIsRefused() {
    server.keys("{\"keys\":[]," + " ".repeat(300_000) + "\"x\":1}");

    unopened("more than 262144 bytes");
  }

  @Test
  void anAuthorityThatIsNotTrustedIsRefused() {
    assertThatThrownBy(() -> opened(OidcIssuer.at(server.url())))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(server.url());
  }

  @Test
  void afterClosingNothingIsDecided() {
    identity = opened(issuer());
    identity.close();

    assertThat(
            Requests.rejected(identity.callers().verify(Requests.bearer(signed(claims()))))
                .reason())
        .isEqualTo(RefusalReason.CLOSED);
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);
  }

  @Test
  void anotherNameIsAnotherMechanism() {
    identity = opened(issuer().named("partner").domain("partner.example"));

    assertThat(identity.name()).isEqualTo(MechanismName.of("partner"));
    assertThat(identity.current().principal()).hasToString("partner:orders@partner.example");
  }

  @Test
  void anIssuerIsOfHttps() {
    for (String url :
        List.of(
            "http://id.example", "https://u@id.example", "https://id.example?x", "id.example")) {
      assertThatThrownBy(() -> OidcIssuer.at(url)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anIssuerWithAPathNeedsADomain() {
    assertThatThrownBy(() -> opened(OidcIssuer.at(server.url() + "/realms/a")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("domain(...)");
  }
}
