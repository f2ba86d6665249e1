// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.jakarta.Container.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application that says all in its {@code web.xml}. */
abstract class WebXmlContract extends ContainerContract {
  private static final String RULES_OF_ADMIN =
      "\n# who may do what\npath /admin/** allow service-account shop/web\n";

  /** Starts an application that must not start, for the reason that the message tells. */
  abstract void assertFails(Setup setup, String message) throws Exception;

  @Test
  void aFilterOfWebXmlAdmitsByItsParameters() throws Exception {
    Wire wire =
        start(application("Opening", "public-paths", "/health\n /assets/**", RULES_OF_ADMIN));

    assertThat(wire.get("/shop/x").status()).isEqualTo(401);
    assertThat(wire.get("/shop/x", BATCH).body()).isEqualTo("hello " + BATCH);
    assertThat(wire.get("/shop/admin/x", BATCH).status()).isEqualTo(403);
    assertThat(wire.get("/shop/admin/x", WEB).body()).isEqualTo("hello " + WEB);
    assertThat(wire.get("/shop/assets/logo.png").body()).isEqualTo("hello null");
    assertThat(wire.get("/shop/health?to=/x").status()).isEqualTo(401);
    assertThat(wire.get("/shop/x?to=/health", WEB).body()).isEqualTo("hello " + WEB);
  }

  @Test
  void aDeveloperProfileOfWebXmlExplains() throws Exception {
    Wire wire = start(application("Opening", "developer-profile", "laptop", ""));

    assertThat(wire.get("/shop/x").body()).contains("\"explanation\":\"IDENTITY NO_CREDENTIALS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mistaking|public-paths|/health||where there is an object of class java.lang.String",
        "Opening|public-path|/health||has no parameters [public-path]: there are [public-paths,",
        "Opening|public-paths|health||parameter public-paths: A path pattern starts with '/': health",
        "Opening|developer-profile|' '||parameter developer-profile: A developer profile has a name",
        "Opening|public-paths|/health|public x|parameter rules, line 1: A path pattern starts with",
      })
  void aMistakeInWebXmlStopsTheApplication(
      String listener, String name, String value, String rules, String message) throws Exception {
    assertFails(application(listener, name, value, rules == null ? "" : rules), message);
  }

  @Test
  void aMissingIdentityStopsTheApplication() throws Exception {
    assertFails(
        application("", "public-paths", "/health", ""),
        "The filter 'identity' needs a ServiceIdentity in the attribute"
            + " 'dev.serviceidentity.identity' of the servlet context, where there is nothing: open"
            + " one in contextInitialized");
  }

  private Setup application(String listener, String name, String value, String rules)
      throws IOException {
    String named = DescribedShop.class.getName() + "$";
    String xml =
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1">
          %s
          <filter>
            <filter-name>identity</filter-name>
            <filter-class>dev.serviceidentity.jakarta.IdentityFilter</filter-class>
            <async-supported>true</async-supported>
            <init-param>
              <param-name>%s</param-name>
              <param-value>%s</param-value>
            </init-param>
            <init-param>
              <param-name>rules</param-name>
              <param-value>%s</param-value>
            </init-param>
          </filter>
          <filter-mapping>
            <filter-name>identity</filter-name>
            <url-pattern>/*</url-pattern>
            <dispatcher>REQUEST</dispatcher>
            <dispatcher>ASYNC</dispatcher>
            <dispatcher>FORWARD</dispatcher>
            <dispatcher>INCLUDE</dispatcher>
            <dispatcher>ERROR</dispatcher>
          </filter-mapping>
          <servlet>
            <servlet-name>greeting</servlet-name>
            <servlet-class>%sGreeting</servlet-class>
            <async-supported>true</async-supported>
          </servlet>
          <servlet-mapping>
            <servlet-name>greeting</servlet-name>
            <url-pattern>/*</url-pattern>
          </servlet-mapping>
        </web-app>
        """
            .formatted(
                listener.isEmpty()
                    ? ""
                    : "<listener><listener-class>"
                        + named
                        + listener
                        + "</listener-class></listener>",
                name,
                value,
                rules,
                named);
    Path information = Files.createDirectories(folder.resolve("shop").resolve("WEB-INF"));
    Files.writeString(information.resolve("web.xml"), xml);
    return new Setup("/shop", false, null, folder.resolve("shop"));
  }
}
