// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A claim that cannot be believed wins nothing, and still leaves the name to no other. */
class DisputedClaimTest {
  private static final String DATABASE = "kerberos:svc/db@SHOP.EXAMPLE";
  private static final String THIEF = account("thief", DATABASE);

  @TempDir private Path directory;

  /** A ServiceAccount of namespace shop; a row of a test may say more in its annotations. */
  private static String account(String name, String claim) {
    return """
        {apiVersion: v1, kind: ServiceAccount, metadata: {namespace: shop, name: %s, annotations: {serviceidentity.dev/principal: "%s"}}}
        """
        .formatted(name, claim);
  }

  private Optional<String> owner(String principal, String... documents) throws IOException {
    Files.writeString(directory.resolve("accounts.yaml"), String.join("---\n", documents));
    WorkloadBinding binding =
        WorkloadBinding.builder()
            .trustDomain("shop.example")
            .realm("SHOP.EXAMPLE")
            .annotationsFrom("shop")
            .build();
    try (var network = KubernetesNetwork.fromManifests(directory).binding(binding).open()) {
      return network
          .serviceAccountOf(PrincipalId.parse(principal))
          .map(ServiceAccountName::toString);
    }
  }

  private Optional<String> databaseBeside(String... documents) throws IOException {
    return owner(DATABASE, documents);
  }

  @Test
  void aClaimThatNobodyDisputesWins() throws IOException {
    assertThat(databaseBeside(account("db", DATABASE), account("web", "kerberos:web@SHOP.EXAMPLE")))
        .contains("shop/db");
    assertThat(databaseBeside(account("db", DATABASE), THIEF)).isEmpty();
  }

  @Test
  void anAccountThatIsWrittenTwiceKeepsBothOfItsClaimsFromOthers() throws IOException {
    String other = account("db", "kerberos:other@SHOP.EXAMPLE");

    assertThat(databaseBeside(account("db", DATABASE), other, THIEF)).isEmpty();
    assertThat(databaseBeside(other, account("db", DATABASE), THIEF)).isEmpty();
    assertThat(databaseBeside(account("db", DATABASE), other)).isEmpty();
  }

  @Test
  void anAccountThatIsAlsoWrittenWithoutItsClaimDoesNotHaveTheName() throws IOException {
    String without =
        "{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: shop, name: db}}\n";

    assertThat(databaseBeside(account("db", DATABASE), without)).isEmpty();
    assertThat(databaseBeside(without, account("db", DATABASE), THIEF)).isEmpty();
    assertThat(databaseBeside(without, without, account("web", DATABASE))).contains("shop/web");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {namespace: shop, name: db, annotations: {CLAIM, note: 1}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM, note: a, note: b}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM, CLAIM}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM, OTHER}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM, 1: x}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM}, annotations: {}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM}}, metadata: {namespace: shop, name: db}
      metadata: {namespace: shop, name: db, annotations: [CLAIM]}
      metadata: {namespace: shop, name: db, annotations: !!null {CLAIM}}
      metadata: {namespace: shop, name: db, annotations: {serviceidentity.dev/principal: [DB]}}
      metadata: {namespace: shop, name: db, annotations: {serviceidentity.dev/principal: !!binary DB}}
      metadata: {namespace: shop, name: [db], annotations: {CLAIM}}
      metadata: {namespace: shop, name: A, annotations: {CLAIM}}
      metadata: {namespace: S, name: db, annotations: {CLAIM}}
      metadata: {namespace: shop, name: db, annotations: {CLAIM}}, secretz: []
      metadata: {namespace: shop, name: db}, 1: {annotations: {CLAIM}}
      """)
  void anAccountThatCannotBeReadKeepsItsNameFromOthersAndDoesNotHaveIt(String content)
      throws IOException {
    String text =
        content
            .replace("CLAIM", "serviceidentity.dev/principal: \"" + DATABASE + "\"")
            .replace("OTHER", "serviceidentity.dev/principal: x")
            .replace("DB", "\"" + DATABASE + "\"");
    String document = "{apiVersion: v1, kind: ServiceAccount, " + text + "}\n";

    assertThat(databaseBeside(document, THIEF)).isEmpty();
    assertThat(databaseBeside(document, account("web", "kerberos:web@SHOP.EXAMPLE"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: ServiceAccount
      {kind: !!binary U2VydmljZUFjY291bnQ=, apiVersion: v1}
      {kind: ServiceAcount, apiVersion: v1}
      """)
  void aDocumentThatMayBeAnAccountKeepsEveryClaimedNameFromOthers(String document)
      throws IOException {
    assertThat(databaseBeside(document + "\n", THIEF)).isEmpty();
  }

  @Test
  void whatIsBoundByItsFormStaysSo() throws IOException {
    String web = "spiffe://shop.example/ns/shop/sa/web";

    assertThat(owner(web, "{apiVersion: v1, kind: ServiceAccount\n", THIEF)).contains("shop/web");
    assertThat(owner(web, account("web", web), account("web", DATABASE))).contains("shop/web");
    assertThat(owner(web, account("thief", web), account("thief", DATABASE))).isEmpty();
  }

  @Test
  void aBrokenAccountKeepsNoOtherNameThanItsOwn() throws IOException {
    String broken =
        account("broken", "kerberos:broken@SHOP.EXAMPLE").replace("{serv", "{note: 1, serv");

    assertThat(databaseBeside(broken, account("db", DATABASE))).contains("shop/db");
    assertThat(databaseBeside(account("junk", "no principal"), account("db", DATABASE)))
        .contains("shop/db");
  }
}
