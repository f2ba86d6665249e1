// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The text of one YAML document (YAML 1.2.2; JSON is a part of it) and the line it starts at.
 *
 * <p>Documents are cut apart before they are parsed, so that one that is broken loses no other:
 * {@code ---} at the start of a line is a document's start wherever it stands (section 9.1.2).
 */
record YamlDocument(String text, int firstLine) {
  private static final Pattern LINE = Pattern.compile("[^\r\n]*(\r\n|\r|\n|$)");
  private static final Pattern START = Pattern.compile("---(\\s.*)?", Pattern.DOTALL);
  private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?", Pattern.DOTALL);
  private static final int MOST_ALIASES = 50;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setUseMarks(true)
          .setSchema(new CoreSchema())
          .setMaxAliasesForCollections(MOST_ALIASES)
          .setCodePointLimit(Integer.MAX_VALUE)
          .build();

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
    var nodes = new ArrayList<Node>();
    try {
      var parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      var composer = new Composer(SETTINGS, new BoundedParser(parser));
      while (composer.hasNext()) {
        nodes.add(composer.next());
      }
      return new Composed(nodes, "", firstLine);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine()).orElse(0);
      return new Composed(List.of(), String.valueOf(e.getProblem()), firstLine + line);
    } catch (ReaderException e) {
      String what = "the character U+%04X is not allowed".formatted(e.getCodePoint());
      return new Composed(List.of(), what, firstLine + linesBefore(e.getPosition()));
    } catch (YamlEngineException e) {
      return new Composed(List.of(), String.valueOf(e.getMessage()), firstLine);
    }
  }

  private int linesBefore(int position) {
    return (int) text.codePoints().limit(position).filter(c -> c == '\n').count();
  }
}
