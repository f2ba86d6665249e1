// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Javadoc, compiled and run. */
@DisplayName("The example of an entry type")
class ExamplesTest {
  private static final String PACKAGE = "java/dev/serviceidentity/testkit/cluster";
  private static final Path MAIN = Path.of("src", "main", PACKAGE);
  private static final Path THIS = Path.of("src", "test", PACKAGE, "ExamplesTest.java");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(strings = {"FakeCluster", "FakePod", "PolicyAssertions"})
  void isTheOneThatIsCompiledHere(String type) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(MAIN.resolve(type + ".java")));
    assertThat(example.find()).isTrue();
    String code = example.group(1).replaceAll("(?m)^ \\* ?", "");
    assertThat(squeezed(Files.readString(THIS))).contains(squeezed(code));
  }

  @Test
  void ofAClusterExplainsARefusal() {
    FakeCluster cluster =
        FakeCluster.create()
            .namespace("shop")
            .pod("shop/web", "app=web")
            .pod("shop/batch", "app=batch")
            .pod("shop/orders", "app=orders")
            .policy(
                "shop/orders",
                """
            podSelector: {matchLabels: {app: orders}}
            ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]""");
    assertThat(cluster)
        .from("shop/batch")
        .to("shop/orders")
        .onPort(8080)
        .isDenied()
        .nearestMiss("the caller has `app=batch`");
  }

  @Test
  void ofAPodIsInTheTermsOfKubernetes() {
    FakeCluster cluster = FakeCluster.create().namespace("shop");
    cluster.pod(FakePod.of("shop/web", "app=web").serviceAccount("web").dualStack());
    assertThat(cluster.addressOf("shop/web")).isNotNull();
  }

  @Test
  void ofTheAssertionsTellsWhoReachesWhom() {
    FakeCluster cluster =
        FakeCluster.create()
            .namespace("shop")
            .pod("shop/web", "app=web")
            .pod("shop/batch", "app=batch")
            .pod("shop/orders", "app=orders")
            .policy(
                "shop/inside",
                "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]},"
                    + " ingress: [{from: [{podSelector: {}}]}]}");
    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isAllowed();
    assertThat(cluster).from("external").to("shop/orders").onPort(8080).isDenied();
    assertThat(cluster)
        .hasMatrix(
            """
        8080         shop/web  shop/batch  shop/orders
        shop/web     -         allowed     allowed
        external     allowed   denied      denied
        """);
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
