// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Allowed callers")
class AllowedCallersTest {
  private static final String WEB = "mtls:spiffe://shop.example/ns/shop/sa/web";

  @Test
  void areThePrincipalsNamed() {
    AllowedCallers rule = AllowedCallers.principals(WEB, "kerberos:alice@SHOP.EXAMPLE");
    assertThat(rule.allows(call(WEB))).isTrue();
    assertThat(rule.allows(call("kerberos:alice@SHOP.EXAMPLE"))).isTrue();
    assertThat(rule.allows(call("kerberos:alice@OTHER.EXAMPLE"))).isFalse();
    assertThat(rule.allows(call("token:spiffe://shop.example/ns/shop/sa/web"))).isFalse();
  }

  @Test
  void areWhoeverRunsAsTheServiceAccountsNamed() {
    AllowedCallers rule = AllowedCallers.serviceAccounts("shop/web", "shop/batch");
    assertThat(rule.allows(callAs("kerberos:HTTP/web.shop@R", "shop/web"))).isTrue();
    assertThat(rule.allows(callAs(WEB, "shop/batch"))).isTrue();
    assertThat(rule.allows(callAs(WEB, "shop/orders"))).isFalse();
    assertThat(rule.allows(callAs(WEB, "other/web"))).isFalse();
  }

  @Test
  void areNobodyByServiceAccountIfTheNameStandsForNone() {
    assertThat(AllowedCallers.serviceAccounts("shop/web").allows(call(WEB))).isFalse();
  }

  @Test
  void areThoseAPredicateAccepts() {
    AllowedCallers rule = AllowedCallers.matching(c -> c.attributes().containsKey("admin"));
    Caller caller = call(WEB).caller();
    assertThat(rule.allows(new Call(caller.attribute("admin", "y"), null, "", ""))).isTrue();
    assertThat(rule.allows(new Call(caller, null, "", ""))).isFalse();
  }

  @Test
  void areThoseOfAnyOfSeveralRules() {
    AllowedCallers rule =
        AllowedCallers.anyOf(AllowedCallers.nobody(), AllowedCallers.principals(WEB));
    assertThat(rule.allows(call(WEB))).isTrue();
    assertThat(rule.allows(call("kerberos:alice@R"))).isFalse();
  }

  @Test
  void nameACallerSomewhereIfOnAnyPath() {
    AllowedCallers onPath = AllowedCallers.onPath("/reports/**", AllowedCallers.principals(WEB));
    AllowedCallers byAccount = AllowedCallers.serviceAccounts("shop/web");
    AllowedCallers any = AllowedCallers.anyOf(AllowedCallers.nobody(), onPath);
    AllowedCallers like = AllowedCallers.principalsLike("mtls:spiffe://shop.example/ns/shop/sa/*");
    Caller web = call(WEB).caller();
    Caller alice = call("kerberos:alice@R").caller();

    assertThat(List.of(onPath, any, like)).allMatch(rule -> rule.allowsSomewhere(web, null));
    assertThat(List.of(onPath, any, like)).noneMatch(rule -> rule.allowsSomewhere(alice, null));
    assertThat(byAccount.allowsSomewhere(alice, ServiceAccountName.parse("shop/web"))).isTrue();
    assertThat(byAccount.allowsSomewhere(web, null)).isFalse();
    assertThat(AllowedCallers.nobody().allowsSomewhere(web, null)).isFalse();
  }

  @Test
  void nameEverybodySomewhereIfTheyDoNotSay() {
    AllowedCallers own = call -> call.path().equals("/a");
    assertThat(own.allowsSomewhere(call(WEB).caller(), null)).isTrue();
  }

  @Test
  void areNobodyWithoutARule() {
    assertThat(AllowedCallers.anyOf().allows(call(WEB))).isFalse();
    assertThat(AllowedCallers.nobody().allows(call(WEB))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "mtls:spiffe://shop.example/ns/shop/sa/*, mtls:spiffe://shop.example/ns/shop/sa/web, true",
    "spiffe://shop.example/ns/shop/sa/*, mtls:spiffe://shop.example/ns/shop/sa/web, true",
    "spiffe://shop.example/ns/shop/**, mtls:spiffe://shop.example/ns/shop/sa/web, true",
    "spiffe://shop.example/**, mtls:spiffe://shop.example/ns/shop/sa/web, true",
    "spiffe://shop.example/ns/*/sa/web, mtls:spiffe://shop.example/ns/shop/sa/web, true",
    "spiffe://shop.example/ns/shop/*, mtls:spiffe://shop.example/ns/shop/sa/web, false",
    "spiffe://shop.example/ns/shop/sa/*, mtls:spiffe://evil.example/ns/shop/sa/web, false",
    "spiffe://shop.example/ns/shop/sa/*, token:spiffe://shop.example/ns/shop/sa/web, false",
    "spiffe://shop.example/ns/shop/sa/*, mtls:spiffe://shop.example/ns/shop/sa/w;b, false",
    "spiffe://shop.example/ns/shop/**, mtls:spiffe://shop.example/ns/shop/../x, false",
    "spiffe://shop.example/ns/shop/**, mtls:spiffe://shop.example/ns/shop//x, false",
    "kerberos:HTTP/*@SHOP.EXAMPLE, kerberos:HTTP/web.shop@SHOP.EXAMPLE, true",
    "kerberos:*@SHOP.EXAMPLE, kerberos:alice@SHOP.EXAMPLE, true",
    "kerberos:**@SHOP.EXAMPLE, kerberos:HTTP/web.shop@SHOP.EXAMPLE, true",
    "kerberos:*@SHOP.EXAMPLE, kerberos:alice/admin@SHOP.EXAMPLE, false",
    "kerberos:HTTP/*@SHOP.EXAMPLE, kerberos:HTTP/web.shop@EVIL.EXAMPLE, false",
    "kerberos:HTTP/*@SHOP.EXAMPLE, kerberos:HTTP/a\\@SHOP.EXAMPLE@SHOP.EXAMPLE, false",
  })
  void areThoseLikeAPattern(String pattern, String principal, boolean allowed) {
    assertThat(AllowedCallers.principalsLike(pattern).allows(call(principal))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "**",
        "*:alice@R",
        "kerberos:HTTP/*",
        "kerberos:alice@*",
        "kerberos:alice@*.EXAMPLE",
        "kerberos:al*@R",
        "kerberos:**/x@R",
        "spiffe://*/ns/shop/sa/web",
        "spiffe://shop.example/ns/shop/sa/w*",
        "spiffe://shop.example/ns/**/sa/web",
        "spiffe://shop.example/ns//web",
        "spiffe://shop.example/ns/../web",
        "spiffe://shop.example/ns/w%62",
      })
  void areNotGivenByAPatternThatReachesTooFarOrNeverMatches(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedCallers.principalsLike(pattern));
  }

  @Test
  void onAPathAreTheRulesOwnOnThatPathOnly() {
    AllowedCallers rule = AllowedCallers.onPath("/reports/**", AllowedCallers.principals(WEB));
    assertThat(rule.allows(callOn("/reports/2026", WEB))).isTrue();
    assertThat(rule.allows(callOn("/reports/2026", "kerberos:alice@R"))).isFalse();
    assertThat(rule.allows(callOn("/orders", WEB))).isFalse();
    assertThat(rule.allows(callOn("", WEB))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/reports/../admin",
        "/reports/./admin",
        "/reports/..",
        "/reports/x/..",
        "/reports//admin",
        "//reports/admin",
        "/reports/",
        "/reports/x/",
        "/reports/%2e%2e/admin",
        "/reports/%2E%2E/admin",
        "/reports/..%2fadmin",
        "/reports%2fx",
        "/reports/..;/admin",
        "/reports/x;jsessionid=1",
        "/reports/..\\admin",
        "\\reports\\x",
        "/reports/x?y",
        "/reports/x#y",
        "/reports/x\u0000",
        "/reports/\tx",
        "/reports/x\r\n",
        "/reports/\u007f",
        "/Reports/x",
        "reports/x",
        " /reports/x",
      })
  void onAPathAreNobodyForASpellingThatCouldMeanAnotherPath(String path) {
    assertThat(AllowedCallers.onPath("/reports/**", AllowedCallers.principals(WEB)))
        .matches(rule -> !rule.allows(callOn(path, WEB)));
  }

  @Test
  void onAPathWithAWildcardInTheMiddleAreNobodyForAnotherPathWithAQuery() {
    AllowedCallers rule = AllowedCallers.onPath("/*/status", AllowedCallers.principals(WEB));
    assertThat(rule.allows(callOn("/orders/status", WEB))).isTrue();
    assertThat(rule.allows(callOn("/admin?/status", WEB))).isFalse();
    assertThat(rule.allows(callOn("/admin#/status", WEB))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "reports", "**", "/re*", "/**/x", "/a//b", "/../a", "/a%62", "/a?b"})
  void onAPathAreNotGivenByAMalformedPattern(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedCallers.onPath(pattern, AllowedCallers.nobody()));
  }

  @Test
  void mustBeNamed() {
    assertThatIllegalArgumentException().isThrownBy(AllowedCallers::principals);
    assertThatIllegalArgumentException().isThrownBy(AllowedCallers::serviceAccounts);
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedCallers.principals("web"));
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedCallers.serviceAccounts("web"));
    assertThatNullPointerException().isThrownBy(() -> AllowedCallers.matching(null));
    assertThatNullPointerException().isThrownBy(() -> AllowedCallers.onPath("/a", null));
  }

  private static Call call(String principal) {
    return callOn("", principal);
  }

  private static Call callOn(String path, String principal) {
    return new Call(caller(principal), null, "GET", path);
  }

  private static Call callAs(String principal, String serviceAccount) {
    return new Call(caller(principal), ServiceAccountName.parse(serviceAccount), "GET", "/");
  }

  private static Caller caller(String principal) {
    return Caller.of(PrincipalId.parse(principal), Instant.EPOCH, Instant.MAX);
  }
}
