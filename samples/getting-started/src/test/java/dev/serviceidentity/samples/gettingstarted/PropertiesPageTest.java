// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of docs/properties.md are what the starter tells editors of its properties. */
class PropertiesPageTest {
  private static final Path PAGE = Page.ROOT.resolve("docs/properties.md");
  private static final String BEGINNING = "<!-- From here on written by PropertiesPageTest. -->\n";
  private static final String CURE =
      "mvn -pl samples/getting-started -am test -Dtest=PropertiesPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dproperties.write=true";

  private final List<PropertySource> properties;

  PropertiesPageTest() throws IOException {
    this.properties = PropertySource.all();
  }

  @Test
  void thePageSaysOfEveryPropertyWhatTheMetadataSays() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).containsOnlyOnce(BEGINNING);
    String prose = page.substring(0, page.indexOf(BEGINNING) + BEGINNING.length());
    Map<String, List<PropertySource>> groups =
        properties.stream()
            .collect(
                Collectors.groupingBy(PropertySource::group, TreeMap::new, Collectors.toList()));
    String written =
        prose
            + groups.entrySet().stream()
                .map(group -> section(group.getKey(), group.getValue()))
                .collect(Collectors.joining());
    if (Boolean.getBoolean("properties.write")) {
      Files.writeString(PAGE, written);
    } else {
      assertThat(page).as("docs/properties.md is old: %s", CURE).isEqualTo(written);
    }
  }

  @Test
  void everyPropertyIsDescribed() {
    assertThat(properties)
        .hasSizeGreaterThan(50)
        .allSatisfy(each -> assertThat(each.description()).as(each.name()).isNotBlank());
  }

  /** Metadata has no place for the parts of what lists and maps hold. */
  @Test
  void theProseNamesEveryPartOfRulesAndRoles() throws Exception {
    String prose = Files.readString(PAGE).split(BEGINNING, 2)[0];
    for (PropertySource each : properties) {
      assertThat(each.partsOfElements())
          .as(each.name())
          .allSatisfy(part -> assertThat(prose).contains("`" + part));
    }
    assertThat(prose).contains("`serviceidentity.web.rules[0]`");
  }

  private static String section(String group, List<PropertySource> properties) {
    return "\n## "
        + group
        + "\n\n| property | type | default | |\n|---|---|---|---|\n"
        + properties.stream().map(PropertiesPageTest::row).collect(Collectors.joining());
  }

  private static String row(PropertySource property) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(property.shortName(), property.type(), property.initial(), property.sentence());
  }
}
