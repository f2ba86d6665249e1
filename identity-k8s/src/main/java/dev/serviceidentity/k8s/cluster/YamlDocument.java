// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The text of one YAML document (YAML 1.2.2; JSON is a part of it) and the line it starts at.
 *
 * <p>Documents are cut apart before they are parsed, so that one that is broken loses no other:
 * {@code ---} at the start of a line is a document's start wherever it stands (section 9.1.2). They
 * are cut where kubectl cuts, which lets no more than a comment stand in that line.
 */
record YamlDocument(String text, int firstLine) {
  private static final String SEPARATOR = "---";
  private static final Pattern MORE_THAN_SEPARATOR =
      Pattern.compile("^" + SEPARATOR, Pattern.MULTILINE | Pattern.UNIX_LINES);
  private static final Pattern LINE = Pattern.compile("[^\n]*(\n|$)");

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
      if (next.startsWith(SEPARATOR)) {
        if (content) {
          documents.add(new YamlDocument(current.toString(), start));
          current.setLength(0);
          content = false;
          start = line;
        }
        next = isNothing(next.substring(SEPARATOR.length())) ? "\n" : next;
      }
      current.append(next);
      content |= !isNothing(next);
    }
    if (content) {
      documents.add(new YamlDocument(current.toString(), start));
    }
    return documents;
  }

  private static boolean isNothing(String line) {
    return NOTHING.matcher(line).matches();
  }

  Composed compose() {
    Matcher more = MORE_THAN_SEPARATOR.matcher(text);
    if (more.find()) {
      int line = StrictYaml.lineAfter(text.chars().limit(more.start()));
      return lost(line, "more than a comment follows --- in its line");
    }
    StrictYaml.Composed composed = StrictYaml.compose(text);
    List<Node> nodes = composed.documents();
    if (nodes.size() > 1) {
      int line = nodes.get(1).getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
      return lost(line, "another document follows, without a line of --- before it");
    }
    return composed
        .problem()
        .map(found -> lost(found.line(), found.message()))
        .orElseGet(() -> new Composed(nodes, "", firstLine));
  }

  private Composed lost(int line, String problem) {
    return new Composed(List.of(), problem, firstLine + line - 1);
  }
}
