// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.AllowedCallers;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No way of writing a path leads around a rule, whatever the container makes of it. */
abstract class SpellingContract extends ContainerContract {
  private static final int ROUNDS = 300;
  private static final String[] SPELLINGS = {
    "/shop/admin",
    "/shop/admin/",
    "/shop/admin/x",
    "/shop/admin;x",
    "/shop/admin;x/y",
    "/shop;x/admin/y",
    "/shop/;x/admin/y",
    "/shop/admin/;/x",
    "/shop/admin/%2e%2e/admin/x",
    "/shop/public/../admin/x",
    "/shop/public/..;/admin/x",
    "/shop/public/..;a=b/admin/x",
    "/shop/public/%2e%2e/admin/x",
    "/shop/public/%2e%2e;/admin/x",
    "/shop/public/.%2E/admin/x",
    "/shop/./admin/x",
    "/shop//admin",
    "/shop//admin//x",
    "//shop/admin/x",
    "/x/../shop/admin/x",
    "/shop/../shop/admin/x",
    "/%73hop/admin/x",
    "/shop/%61dmin/x",
    "/shop/%61%64%6d%69%6e/x",
    "/shop/admin%2f",
    "/shop/admin%2fx",
    "/shop%2fadmin/x",
    "/shop/%2fadmin/x",
    "/shop\\admin\\x",
    "/shop/\\admin/x",
    "/shop/public\\..\\admin/x",
    "/shop/public/%5c../admin/x",
    "/shop/public%5c..%5cadmin/x",
    "/shop/admin%00",
    "/shop/admin/%00x",
    "/shop/public/%00/../../admin/x",
    "/shop/%c1%a1dmin/x",
    "/shop/public/%c0%ae%c0%ae/admin/x",
    "/shop/public/..%c0%afadmin/x",
    "/shop/%u0061dmin/x",
    "/shop/%2561dmin/x",
    "/shop/public/%252e%252e/admin/x",
    "/shop/admin%20",
    "/shop/admin%09/x",
    "/shop/admin?x",
    "/shop/admin%3fx",
    "/shop/admin#x",
    "/shop/admin%23x",
    "https://127.0.0.1/shop/admin/x",
    "https://127.0.0.1/shop/public/../admin/x",
    "*"
  };
  private static final String[] PIECES = {
    "admin",
    "/",
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "\\",
    ";",
    ";x=1",
    "%3b",
    "%61",
    "dmin",
    "%",
    "%25",
    "%00",
    "%c0%af",
    "%e2%88%95",
    "public",
    "orders",
    "x",
    "?",
    "shop",
    "%20",
    "%7f",
    "ADMIN",
    "#",
    "+"
  };

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noSpellingReachesWhatARuleGuards(boolean lenient) throws Exception {
    Wire wire = start("/shop", lenient, filter(orders()));
    for (String path : SPELLINGS) {
      assertThat(wire.get(path).status()).as(path).isNotEqualTo(200);
      wire.get(path, WEB);
      assertThat(servlets.reached()).as(path).doesNotContain("admin", "page", "going");
    }
  }

  @Test
  void noRandomSpellingReachesIt() throws Exception {
    long seed = System.nanoTime();
    System.out.println("Paths are spelled by seed " + seed);
    var random = new Random(seed);
    Wire wire = start("/shop", true, filter(orders()));
    for (int i = 0; i < ROUNDS; i++) {
      String path =
          Stream.generate(() -> PIECES[random.nextInt(PIECES.length)])
              .limit(1 + random.nextInt(8))
              .collect(Collectors.joining("", "/shop/", ""));

      wire.send(random.nextBoolean() ? "GET" : "POST", path, Wire.proof(WEB));

      assertThat(servlets.reached()).as(path).doesNotContain("admin");
    }
  }

  @Test
  void whoMayReachItReachesItByPlainSpellings() throws Exception {
    Wire wire = start("/shop", false, filter(orders()));

    for (String path : new String[] {"/admin", "/admin/", "/admin/x/y", "/%61dmin/x"}) {
      assertThat(wire.get("/shop" + path, ALICE).body()).startsWith("admin REQUEST");
    }
    assertThat(wire.get("/shop/admin;x", ALICE).status()).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "J%C3%BCrgen",
        "a%20b",
        "a+b",
        "a@b,c:d",
        "%7Etilde",
        "...",
        "a.b",
        "%F0%9F%98%80"
      })
  void ordinaryEscapesAreNoTrick(String name) throws Exception {
    Wire wire =
        start(
            "/shop",
            false,
            filter(orders())
                .rules(
                    PathRules.parse(
                        "public /public/*\n"
                            + "path /orders/* allow service-account shop/web\n"
                            + "path /** allow principal kerberos:nobody@SHOP.EXAMPLE")));

    assertThat(wire.get("/shop/orders/" + name, WEB).body()).startsWith("orders REQUEST");
    assertThat(wire.get("/shop/public/" + name).body()).startsWith("went nowhere null");
  }

  @Test
  void withoutARuleThatDemandsMoreAnUnclearPathIsAsUsual() throws Exception {
    Wire wire = start("/shop", true, filter(orders()).rules(PathRules.parse("public /public/**")));

    assertThat(wire.get("/shop/orders/a%2fb", WEB).body()).startsWith("orders REQUEST");
    assertThat(wire.get("/shop/orders/a%2fb").status()).isEqualTo(401);
    assertThat(wire.get("/shop/public/a%2fb").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ADMIN/x", "/Admin/x"})
  void noLetterCaseLeadsAroundARule(String path) throws Exception {
    Wire wire = start("/shop", false, filter(orders()));

    assertThat(wire.get("/shop" + path, WEB).status()).isEqualTo(403);
    assertThat(servlets.reached()).isEmpty();
  }

  @Test
  void aRuleOfTheIdentityIsNotReachedByTwoFacedSpelling() throws Exception {
    Wire wire =
        start(
            "/shop",
            true,
            filter(
                    orders(
                        AllowedCallers.onPath(
                            "/orders/*", AllowedCallers.serviceAccounts("shop/web"))))
                .rules(PathRules.none()));

    assertThat(wire.get("/shop/orders/7", WEB).status()).isEqualTo(200);
    assertThat(wire.get("/shop/orders/7;x", WEB).status()).isEqualTo(403);
    assertThat(wire.get("/shop/orders/x%2f7", WEB).status()).isEqualTo(403);
  }
}
