// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.json.JsonParserFactory;

/**
 * A property as the starter's configuration metadata describe it.
 *
 * @param group the longest group whose name its own begins with
 * @param name in full
 * @param javaType of the value
 * @param initial what it is unless said, for a table
 * @param description as it stands in the metadata
 */
record PropertySource(
    String group, String name, String javaType, String initial, String description) {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  static List<PropertySource> all() throws IOException {
    for (URL file :
        Collections.list(PropertySource.class.getClassLoader().getResources(METADATA))) {
      Map<String, Object> metadata = read(file);
      List<String> groups = described(metadata, "groups").map(PropertySource::name).toList();
      if (groups.contains("serviceidentity")) {
        return described(metadata, "properties")
            .map(property -> of(property, groups))
            .sorted(Comparator.comparing(PropertySource::name))
            .toList();
      }
    }
    throw new IllegalStateException("The starter has no " + METADATA);
  }

  String shortName() {
    return name.substring(group.length() + 1);
  }

  /** In the words of a reader of properties, with the values that there are. */
  String type() {
    String type = javaType.replaceAll("[a-z]+\\.(?:[a-z]+\\.)*(?=[A-Z])", "");
    return switch (type) {
      case "Boolean" -> "true or false";
      case "Path" -> "path";
      case "String" -> "text";
      case "Integer" -> "number";
      case "Duration", "Instant" -> type.toLowerCase(Locale.ROOT);
      case "List<String>" -> "list";
      case "List<Path>" -> "list of paths";
      case "List<WebProperties$Rule>" -> "list of rules";
      case "Map<String,RolesProperties$Role>" -> "roles by name";
      case "Map<String,Path>" -> "paths by name";
      // Boot's own, of a module that is not here.
      case "Access" -> "`none`, `read-only`, `unrestricted`";
      default -> oneOf(javaType);
    };
  }

  /** What a list or a map consists of, if its elements have parts of their own. */
  Stream<String> partsOfElements() throws ClassNotFoundException {
    Matcher element = Pattern.compile("[<,]([^<,]+\\$\\w+)>").matcher(javaType);
    return element.find()
        ? Arrays.stream(Class.forName(element.group(1)).getRecordComponents())
            .map(part -> dashed(part.getName()))
        : Stream.of();
  }

  String sentence() {
    String cell = description.replace("|", "\\|").replace("<", "&lt;");
    String sentence = cell.substring(0, 1).toUpperCase(Locale.ROOT) + cell.substring(1);
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  /** As properties spell what is camel case in Java. */
  static String dashed(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private static String oneOf(String enumeration) {
    try {
      return Arrays.stream(
              Objects.requireNonNull(Class.forName(enumeration).getEnumConstants(), enumeration))
          .map(value -> "`" + dashed(value.toString()) + "`")
          .collect(Collectors.joining(", "));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Of what type is " + enumeration + "?", e);
    }
  }

  private static PropertySource of(Map<String, ?> property, List<String> groups) {
    String name = name(property);
    String group =
        groups.stream()
            .filter(each -> name.startsWith(each + "."))
            .max(Comparator.comparing(String::length))
            .orElseThrow();
    Object initial = property.get("defaultValue");
    return new PropertySource(
        group,
        name,
        (String) property.get("type"),
        initial == null ? "" : "`" + initial + "`",
        Objects.requireNonNullElse((String) property.get("description"), ""));
  }

  private static String name(Map<String, ?> described) {
    return (String) described.get("name");
  }

  @SuppressWarnings("unchecked") // Boot's parser makes such maps of objects.
  private static Stream<Map<String, ?>> described(Map<String, Object> metadata, String kind) {
    return ((List<Map<String, ?>>) metadata.getOrDefault(kind, List.of())).stream();
  }

  private static Map<String, Object> read(URL file) throws IOException {
    try (InputStream in = file.openStream()) {
      return JsonParserFactory.getJsonParser().parseMap(new String(in.readAllBytes(), UTF_8));
    }
  }
}
