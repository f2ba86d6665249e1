// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What editors and the page of properties show. */
class DescribedPropertiesTest {
  private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

  @Test
  void everyPropertyHasADescription() throws IOException {
    assertThat(properties())
        .isNotEmpty()
        .allSatisfy(
            property ->
                assertThat(property)
                    .extractingByKey("description")
                    .asString()
                    .hasSizeGreaterThan(10));
  }

  @Test
  void everyPropertyIsOfThisProject() throws IOException {
    assertThat(properties())
        .extracting(property -> property.get("name").toString())
        .contains(
            "serviceidentity.enabled",
            "serviceidentity.mtls.pem-directory",
            "serviceidentity.kerberos.keytab",
            "serviceidentity.tokens.audience",
            "serviceidentity.network.mode",
            "serviceidentity.network.binding.realms",
            "serviceidentity.allow.service-accounts",
            "serviceidentity.report-only.network-until",
            "serviceidentity.audit.json-file",
            "serviceidentity.web.public-paths")
        .allMatch(
            name ->
                name.startsWith("serviceidentity.")
                    || name.startsWith("management.endpoint.serviceidentity."));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> properties() throws IOException {
    try (InputStream in = IdentityProperties.class.getResourceAsStream(METADATA)) {
      String json = new String(in.readAllBytes(), UTF_8);
      return (List<Map<String, Object>>)
          (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
    }
  }
}
