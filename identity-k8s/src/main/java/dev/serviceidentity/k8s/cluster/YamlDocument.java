// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The text of one YAML document (YAML 1.2.2; JSON is a part of it) and the line it starts at.
 *
 * <p>Documents are cut apart before they are parsed, so that one that is broken loses no other:
 * {@code ---} at the start of a line is a document's start wherever it stands (section 9.1.2).
 */
record YamlDocument(String text, int firstLine) {
  private static final Pattern LINE = Pattern.compile("[^\r\n]*(\r\n|\r|\n|$)");
  private static final Pattern START = Pattern.compile("---(\\s.*)?", Pattern.DOTALL);

  /** A comment ends where the first of all readers ends the line. */
  private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?\\s*");

  /** What a document's text holds, or else what is wrong with it and at which line. */
  record Composed(List<Node> nodes, String problem, int problemLine) {}

  static List<YamlDocument> split(String text) {
    var documents = new ArrayList<YamlDocument>();
    var current = new StringBuilder();
    boolean content = false;
    int start = 1;
    int line = 0;
    var lines = LINE.matcher(text);
    while (lines.find() && !lines.group().isEmpty()) {
      String next = lines.group();
      line++;
      // What stands before the first start mark belongs to it while it is no more than directives.
      if (content && START.matcher(next).matches()) {
        documents.add(new YamlDocument(current.toString(), start));
        current.setLength(0);
        content = false;
        start = line;
      }
      current.append(next);
      content |= !isPreamble(next);
    }
    if (content) {
      documents.add(new YamlDocument(current.toString(), start));
    }
    return documents;
  }

  private static boolean isPreamble(String line) {
    return line.startsWith("%") || NOTHING.matcher(line).matches();
  }

  Composed compose() {
    StrictYaml.Composed composed = StrictYaml.compose(text);
    return composed
        .problem()
        .map(found -> new Composed(List.of(), found.message(), firstLine + found.line() - 1))
        .orElseGet(() -> new Composed(composed.documents(), "", firstLine));
  }
}
