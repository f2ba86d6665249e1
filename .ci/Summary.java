// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads Surefire's reports and says which real programs and external cases ran, and which are not
 * here. Tests against them are in classes whose names end in InteropTest, CorpusTest or
 * ClusterTest; where the program is missing they are skipped and name it.
 *
 * <p>Arguments: yes or no (is "not here" a failure?), the folder of the default JDK's reports, that
 * of a newer JDK's, and whether the command line ran on the policy corpus.
 */
class Summary {
  private int passed;
  private int failed;
  private final List<String> skipped = new ArrayList<>();
  private int withoutCluster;
  private final TreeMap<String, String> external = new TreeMap<>();

  public static void main(String[] arguments) throws Exception {
    var summary = new Summary();
    summary.external.put("policy corpus on the command line", arguments[3]);
    summary.read(Path.of(arguments[1]));
    Path newer = Path.of(arguments[2]);
    summary.external.put("tests on a newer JDK", Files.isDirectory(newer) ? "ran" : "not here");
    if (Files.isDirectory(newer)) {
      summary.read(newer);
    }
    System.exit(summary.print(arguments[0].equals("yes")) ? 0 : 1);
  }

  private void read(Path folder) throws Exception {
    List<Path> files;
    try (Stream<Path> reports = Files.list(folder)) {
      files = reports.sorted().toList();
    }
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    for (Path file : files) {
      NodeList cases = parser.parse(file.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        count((Element) cases.item(i));
      }
    }
  }

  private void count(Element test) throws IOException {
    String type = test.getAttribute("classname");
    String name = type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
    NodeList skips = test.getElementsByTagName("skipped");
    boolean isExternal =
        Stream.of("InteropTest", "CorpusTest", "ClusterTest").anyMatch(type::endsWith);
    if (skips.getLength() > 0) {
      String why = ((Element) skips.item(0)).getAttribute("message");
      if (type.endsWith("ClusterTest")) {
        withoutCluster++;
        return;
      }
      skipped.add(name + " (" + why + ")");
      if (isExternal) {
        external.put(name, "not here: " + why);
      }
      return;
    }
    boolean bad =
        test.getElementsByTagName("failure").getLength() > 0
            || test.getElementsByTagName("error").getLength() > 0;
    if (bad) {
      failed++;
    } else {
      passed++;
    }
    if (isExternal) {
      external.put(name, bad ? "failed" : "ran");
    }
  }

  private boolean print(boolean strict) {
    external.forEach((name, state) -> System.out.println(state + " — " + name));
    skipped.forEach(name -> System.out.println("skipped: " + name));
    boolean missing = external.values().stream().anyMatch(state -> state.startsWith("not here"));
    if (withoutCluster > 0) {
      System.out.println("not here — an API server, for " + withoutCluster + " tests");
    }
    if (strict && missing) {
      System.out.println("Something is not here, and this is CI: see the list above.");
    }
    if (strict && !skipped.isEmpty()) {
      System.out.println("Tests were skipped, and this is CI.");
    }
    boolean good = failed == 0 && passed > 0 && (!strict || (!missing && skipped.isEmpty()));
    System.out.println(passed + " passed, " + failed + " failed, " + skipped.size() + " skipped");
    return good;
  }
}
