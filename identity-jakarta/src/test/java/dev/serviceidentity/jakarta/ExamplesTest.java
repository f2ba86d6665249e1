// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestDecisions;
import dev.serviceidentity.testkit.TestIdentity;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Javadoc, compiled and run. */
@DisplayName("The example of an entry type")
class ExamplesTest {
  private static final Path MAIN =
      Path.of("src", "main", "java", "dev", "serviceidentity", "jakarta");
  private static final Path THIS =
      Path.of("src/test/java/dev/serviceidentity/jakarta/ExamplesTest.java");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);

  private final ServiceIdentity identity =
      FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");

  @ParameterizedTest
  @ValueSource(strings = {"IdentityFilter", "PathRules", "Roles"})
  void isTheOneThatIsCompiledHere(String type) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(MAIN.resolve(type + ".java")));
    assertThat(example.find()).isTrue();
    String code = example.group(1).replaceAll("(?m)^ \\* ?", "");
    assertThat(squeezed(Files.readString(THIS))).contains(squeezed(code));
  }

  @Test
  void ofAFilterRegistersIt() {
    ServletContext context = new ServletContextHandler().getServletContext();
    IdentityFilter.builder(identity)
        .rules(
            PathRules.builder()
                .publicPath("/health")
                .path("/admin/**", AccessRule.usual().require(MechanismName.KERBEROS))
                .build())
        .build()
        .register(context);
    assertThat(context.getFilterRegistration("identity").getUrlPatternMappings())
        .containsExactly("/*");
  }

  @Test
  void ofRulesGuardsPaths() {
    PathRules rules =
        PathRules.builder()
            .publicPath("/health", "/assets/**")
            .path(
                "/admin/**",
                AccessRule.usual()
                    .require(MechanismName.KERBEROS)
                    .allow(AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")))
            .build();
    assertThat(rules.reportOnly()).isEmpty();
  }

  @Test
  void ofRolesGivesThem() {
    Roles roles =
        Roles.of(
            Map.of(
                "reader", AllowedCallers.serviceAccounts("shop/web", "shop/batch"),
                "operator", AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")));
    Admitted alice = TestDecisions.admitted(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE"));
    assertThat(roles.isInRole(alice, "operator")).isTrue();
    assertThat(roles.isInRole(alice, "reader")).isFalse();
    assertThat(roles.isInRole(alice, "owner")).isFalse();
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
