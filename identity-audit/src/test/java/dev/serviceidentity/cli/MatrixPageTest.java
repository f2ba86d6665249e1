// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class MatrixPageTest {
  @TempDir private Path directory;

  private static Document parsed(String page) throws Exception {
    assertThat(page).startsWith("<!DOCTYPE html>\n");
    String xml = page.substring(page.indexOf('\n'));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private String page(String manifests) {
    Path file = Run.file(directory, "cluster.yaml", manifests);
    return Run.of("matrix", "-m", file, "--output", "html").out();
  }

  private static List<Element> elements(Document page, String name) {
    var found = new ArrayList<Element>();
    var all = page.getElementsByTagName(name);
    for (int i = 0; i < all.getLength(); i++) {
      found.add((Element) all.item(i));
    }
    return found;
  }

  @Test
  void itIsWellFormedAndHasNothingThatLoadsOrRuns() throws Exception {
    String page = Run.of("matrix", "-m", Run.SHOP, "--output", "html").out();

    parsed(page);
    assertThat(page)
        .doesNotContainPattern(
            "(?i)https?:|//[a-z]|src=|href=|@import|url\\(|<script|<link|<img|<iframe")
        .contains("default-src 'none'");
  }

  @Test
  void itSaysWhatItIsMadeFromAndWhatItsSignsMean() {
    assertThat(Run.of("matrix", "-m", Run.SHOP, "--output", "html").out())
        .contains("<p>From ../samples/shop/k8s, read on 2026-01-02 03:04 UTC.</p>")
        .contains("● all ports, ◐ some ports, ? undecidable, – denied")
        .contains("<h2>Allowed, and undecidable</h2>");
  }

  @Test
  void thePictureHasAPointForEachPartyAndAnArrowForEachOpenPair() throws Exception {
    Document page = parsed(Run.of("matrix", "-m", Run.SHOP, "--output", "html").out());

    assertThat(elements(page, "circle")).hasSize(5);
    List<String> arrows =
        elements(page, "g").stream()
            .filter(g -> g.getAttribute("class").startsWith("edge "))
            .map(g -> g.getElementsByTagName("title").item(0).getTextContent())
            .toList();
    assertThat(arrows)
        .hasSize(8)
        .contains("shop/web-0 → shop/orders-0: TCP 8443", "shop/web-0 → external: all ports");
  }

  @Test
  void allOfAPictureLiesWithinItsFrame() throws Exception {
    for (int count : List.of(1, 2, 14, 15, 59)) {
      var manifests = new StringBuilder();
      for (int i = 0; i < count; i++) {
        manifests.append(Run.pod("n" + i % 3, "pod" + i, ""));
      }
      Document page = parsed(page(manifests.toString()));
      String[] frame = elements(page, "svg").get(0).getAttribute("viewBox").split(" ", -1);
      double left = Double.parseDouble(frame[0]);
      double right = left + Double.parseDouble(frame[2]);
      assertThat(elements(page, "circle"))
          .hasSize(count + 1)
          .allSatisfy(
              circle ->
                  assertThat(Double.parseDouble(circle.getAttribute("cx"))).isBetween(left, right));
    }
  }

  @Test
  void manyWorkloadsAreDrawnAsTheirNamespaces() throws Exception {
    var manifests = new StringBuilder();
    for (int i = 0; i < 70; i++) {
      manifests.append(Run.pod("n" + i % 7, "pod" + i, ""));
    }

    Document page = parsed(page(manifests.toString()));

    assertThat(elements(page, "circle")).hasSize(8);
    assertThat(page.getDocumentElement().getTextContent()).contains("it shows their namespaces");
  }

  @Test
  void aListOfPortsThatIsTooLongIsCutAndLeavesThePageWellFormed() throws Exception {
    String page = page(Run.scatteredPorts());

    parsed(page);
    assertThat(page).contains("…</td></tr>").endsWith("</html>\n");
  }

  @Test
  void anOwnerWithASlashInItsNameDoesNotTakeThePlaceOfAWorkload() throws Exception {
    String template =
        "{apiVersion: apps/v1, kind: %s, metadata: {namespace: a, name: web}, spec: {selector:"
            + " {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}}\n---\n";
    String page =
        page(
            Run.namespaces("a")
                + template.formatted("Deployment")
                + template.formatted("StatefulSet")
                + "{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: x, ownerReferences:"
                + " [{kind: X, name: Deployment/web}]}}\n");

    assertThat(
            elements(parsed(page), "th").stream()
                .filter(th -> th.getAttribute("scope").equals("row"))
                .map(Element::getTextContent))
        .containsExactly("a/Deployment/web", "a/StatefulSet/web", "a/x", "external");
  }
}
