// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.cluster.AccountClaim;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadBindingTest {
  private static final PrincipalId WEB = PrincipalId.parse("spiffe://shop.example/ns/shop/sa/web");
  private static final PrincipalId GATEWAY = PrincipalId.parse("kerberos:gateway@SHOP.EXAMPLE");

  private static WorkloadBinding.Builder rules() {
    return WorkloadBinding.builder().trustDomain("shop.example").realm("SHOP.EXAMPLE");
  }

  private static Optional<String> bound(
      WorkloadBinding.Builder rules, PrincipalId principal, AccountClaim... claims) {
    return new BoundPrincipals(rules.build(), List.of(claims))
        .of(principal)
        .map(bound -> bound.account().toString());
  }

  private static AccountClaim claim(String account, PrincipalId principal) {
    return new AccountClaim(ServiceAccountName.parse(account), principal, true);
  }

  @ParameterizedTest
  @CsvSource({
    "spiffe://shop.example/ns/shop/sa/web, shop/web",
    "mtls:spiffe://shop.example/ns/shop/sa/a.b, shop/a.b",
    "kerberos:HTTP/orders.shop@SHOP.EXAMPLE, shop/orders",
    "kerberos:web/a.b.shop@SHOP.EXAMPLE, shop/a.b",
  })
  void aNameOfAListedDomainIsReadByItsTemplate(String principal, String account) {
    assertThat(bound(rules(), PrincipalId.parse(principal))).contains(account);
  }

  @Test
  void namesAreKeptApartHoweverManyAreAskedForHoweverOften() {
    var principals = new BoundPrincipals(rules().build(), List.of());
    for (int i = 0; i < 6_000; i++) {
      int number = i / 2 % 1_500;
      assertThat(principals.of(PrincipalId.parse("spiffe://shop.example/ns/shop/sa/a" + number)))
          .hasValueSatisfying(
              bound -> assertThat(bound.account().toString()).isEqualTo("shop/a" + number));
      assertThat(principals.of(PrincipalId.parse("spiffe://other.example/ns/shop/sa/a" + number)))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://other.example/ns/shop/sa/web",
        "spiffe://SHOP.EXAMPLE/ns/shop/sa/web",
        "spiffe://shop.example/ns/shop/sa/web/x",
        "spiffe://shop.example/ns/shop/sa/Web",
        "spiffe://shop.example/x/ns/shop/sa/web",
        "kerberos:HTTP/orders.shop@shop.example",
        "kerberos:HTTP/orders.shop@OTHER.EXAMPLE",
        "kerberos:HTTP/orders@SHOP.EXAMPLE",
        "kerberos:orders.shop@SHOP.EXAMPLE",
        "kerberos:HTTP/orders.shop/x@SHOP.EXAMPLE",
        "kerberos:/ns/shop/sa/web@SHOP.EXAMPLE",
        "service-account-token:spiffe://shop.example/ns/shop/sa/web",
        "own-thing:HTTP/orders.shop@SHOP.EXAMPLE",
      })
  void anyOtherNameStandsForNobody(String principal) {
    assertThat(bound(rules(), PrincipalId.parse(principal))).isEmpty();
  }

  @Test
  void aTokenOfAListedIssuerIsOfTheServiceAccountThatItNames() {
    var rules = rules().tokenDomain("id.shop.example:8443");
    String name = "service-account-token:system:serviceaccount:shop:web";

    assertThat(bound(rules, PrincipalId.parse(name + "@id.shop.example:8443")))
        .contains("shop/web");
    assertThat(bound(rules, PrincipalId.parse(name + "@shop.example"))).isEmpty();
    assertThat(bound(rules, PrincipalId.parse(name + ":x@id.shop.example:8443"))).isEmpty();
    assertThat(
            bound(
                rules,
                PrincipalId.parse(
                    name.replace("service-account-token", "oidc") + "@id.shop.example:8443")))
        .isEmpty();
  }

  @Test
  void anIssuerThatNoPrincipalCanHaveIsRefused() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> rules().tokenDomain("https://id.shop.example"))
        .withMessageContaining("issuer's host and port");
  }

  @Test
  void nothingIsBoundUnlessItIsSaid() {
    assertThat(bound(WorkloadBinding.builder(), WEB)).isEmpty();
  }

  @Test
  void aTemplateMayNameAPod() {
    var principals =
        new BoundPrincipals(
            rules().spiffeTemplates("/ns/{namespace}/sa/{name}/pod/{pod}").build(), List.of());

    var bound = principals.of(PrincipalId.parse("spiffe://shop.example/ns/shop/sa/db/pod/db-0"));

    assertThat(bound.orElseThrow().pod()).contains("db-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ns/{namespace}",
        "{name}{namespace}",
        "{name}-{namespace}",
        "{namespace}/{name}/{name}",
        "{namespace}/{name}/{cluster}"
      })
  void aTemplateThatCouldBeReadTwoWaysIsRefused(String template) {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> rules().kerberosTemplates(template))
        .withMessageContaining(template);
  }

  @Test
  void theExplicitMapComesFirst() {
    var rules = rules().principal(WEB, ServiceAccountName.parse("bank/teller"));

    assertThat(bound(rules, WEB)).contains("bank/teller");
  }

  @Test
  void theExplicitMapDoesNotContradictItself() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(
            () ->
                rules()
                    .principal(WEB, ServiceAccountName.parse("a/b"))
                    .principal(WEB, ServiceAccountName.parse("a/c")));
  }

  @Test
  void anAnnotationIsHeardInListedNamespacesOnly() {
    AccountClaim claim = claim("edge/gateway", GATEWAY);

    assertThat(bound(rules(), GATEWAY, claim)).isEmpty();
    assertThat(bound(rules().annotationsFrom("edge"), GATEWAY, claim)).contains("edge/gateway");
  }

  @Test
  void anAnnotationOfAnotherRealmIsNotHeard() {
    var foreign = PrincipalId.parse("kerberos:gateway@OTHER.EXAMPLE");

    assertThat(bound(rules().annotationsFrom("edge"), foreign, claim("edge/gateway", foreign)))
        .isEmpty();
  }

  @Test
  void aNameThatTwoAccountsClaimIsNobodys() {
    var rules = rules().annotationsFrom("edge", "bank");

    assertThat(bound(rules, GATEWAY, claim("edge/a", GATEWAY), claim("bank/b", GATEWAY))).isEmpty();
  }

  @Test
  void aNameThatAnAccountClaimsFromAnotherIsNobodys() {
    var rules = rules().annotationsFrom("edge");

    assertThat(bound(rules, WEB, claim("edge/thief", WEB))).isEmpty();
    assertThat(bound(rules().annotationsFrom("shop"), WEB, claim("shop/web", WEB)))
        .contains("shop/web");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spiffe://shop.example", "Shop.Example", "shop.example/", "a b", "", "shop:1"})
  void aTrustDomainThatNoSpiffeIdCanHaveIsRefused(String name) {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> WorkloadBinding.builder().trustDomain(name))
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("'" + name + "'")
        .withMessageContaining("trustDomain(");
  }

  @Test
  void theTrustDomainInASpiffeIdIsOffered() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> WorkloadBinding.builder().trustDomain("spiffe://shop.example/ns/a"))
        .withMessageContaining("trustDomain(\"shop.example\")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"@SHOP.EXAMPLE", "HTTP/orders@SHOP.EXAMPLE", "SHOP EXAMPLE", "", "A/B", "Ä"})
  void aRealmThatNoPrincipalCanHaveIsRefused(String name) {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> WorkloadBinding.builder().realm(name))
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("realm(");
  }
}
