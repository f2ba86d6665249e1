// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A service account's name")
class ServiceAccountNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"shop/web", "a/b", "shop-2/web.api.v1", "0/9"})
  void isReadBackFromItsOwnText(String text) {
    assertThat(ServiceAccountName.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "/",
        "shop/",
        "/web",
        "shop/web/api",
        "Shop/web",
        "shop/Web",
        "shop.x/web",
        "-shop/web",
        "shop/web-",
        "shop/we..b",
        "shop/web\n",
        "shop/../kube-system",
        "shop/w\u0435b",
      })
  void isNothingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ServiceAccountName.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "shop-web, '''shop-web'' is no service account: write namespace/name, such as shop/web'",
    "Shop/web, '''Shop'' is no namespace: write a DNS label'",
    "shop/Web, '''Web'' is no service account''s name: write a DNS subdomain'",
  })
  void saysWhatToWriteInstead(String text, String says) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceAccountName.parse(text))
        .withMessageStartingWith(says);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[2J", "a\nb", "w\u0435b"})
  void isNotRepeatedWhereATerminalWouldObeyIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceAccountName.parse(text))
        .withMessageStartingWith("What is written here is no service account");
  }

  @Test
  void hasPartsOfTheLengthsOfKubernetes() {
    String label = "n".repeat(63);
    String subdomain = String.join(".", label, label, label, "n".repeat(61));
    assertThat(new ServiceAccountName(label, subdomain).name()).hasSize(253);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServiceAccountName(label + "n", "web"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServiceAccountName("shop", subdomain + "n"));
  }

  @Test
  void isWhatASpiffePathSays() {
    assertThat(ofSpiffePath("spiffe://shop.example/ns/shop/sa/web")).isEqualTo("shop/web");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://shop.example/ns/shop/sa/web/",
        "spiffe://shop.example//ns/shop/sa/web",
        "spiffe://shop.example/ns/shop/sa/web/pod/a",
        "spiffe://shop.example/ns/shop/web",
        "spiffe://shop.example/ns/SHOP/sa/web",
        "spiffe://shop.example/ns/shop/sa/..",
        "spiffe://shop.example/NS/shop/SA/web",
        "spiffe://shop.example/ns/shop/sa/we%62",
        "kerberos:HTTP/web.shop@SHOP.EXAMPLE",
      })
  void isNotWhatAnyOtherPathSays(String principal) {
    assertThat(ofSpiffePath(principal)).isEqualTo("none");
  }

  @Test
  void isNotWhatAKerberosNameThatLooksLikeASpiffePathSays() {
    // A KDC of a trusted foreign realm may put any text into a name, also an empty component.
    assertThat(
            ServiceAccountName.ofSpiffePath(
                new PrincipalId(MechanismName.KERBEROS, "FOREIGN.EXAMPLE", "/ns/shop/sa/web")))
        .isEmpty();
  }

  private static String ofSpiffePath(String principal) {
    return ServiceAccountName.ofSpiffePath(PrincipalId.parse(principal))
        .map(ServiceAccountName::toString)
        .orElse("none");
  }
}
