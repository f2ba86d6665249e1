// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes outcomes as the XML that CI servers read: a suite for each file of expectations with a
 * test case for each of them, and one test case for the manifests.
 */
final class JunitReport {
  private static final String MANIFESTS = "manifests";

  private final XMLStreamWriter xml;

  private JunitReport(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static void write(PrintWriter out, List<Outcome> outcomes, Cluster cluster) {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      new JunitReport(xml).suites(outcomes, cluster);
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("The report cannot be written", e);
    }
    out.print('\n');
  }

  private void suites(List<Outcome> outcomes, Cluster cluster) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    var files =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    outcome -> Printable.of(outcome.expectation().place().file()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (Map.Entry<String, List<Outcome>> file : files.entrySet()) {
      suite(file.getKey(), file.getValue());
    }
    manifests(cluster);
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(String file, List<Outcome> outcomes) throws XMLStreamException {
    long failures = outcomes.stream().filter(outcome -> !outcome.holds()).count();
    startSuite(file, outcomes.size(), failures, 0);
    for (Outcome outcome : outcomes) {
      line(2);
      test(file, outcome);
    }
    endSuite();
  }

  /** One test case, so that what is wrong with the manifests cannot be passed over. */
  private void manifests(Cluster cluster) throws XMLStreamException {
    startSuite(MANIFESTS, 1, 0, cluster.isBroken() ? 1 : 0);
    line(2);
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", MANIFESTS);
    xml.writeAttribute("name", MANIFESTS);
    var told = new StringBuilder();
    for (Finding problem : cluster.problems()) {
      if (cluster.isBroken() && problem.severity() == Severity.ERROR) {
        xml.writeStartElement("error");
        xml.writeAttribute("message", Printable.of(problem.toString()));
        xml.writeEndElement();
      } else {
        told.append(Printable.of(problem.toString())).append('\n');
      }
    }
    if (!told.isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(told.toString());
      xml.writeEndElement();
    }
    xml.writeEndElement();
    endSuite();
  }

  private void startSuite(String name, int tests, long failures, int errors)
      throws XMLStreamException {
    line(1);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", name);
    xml.writeAttribute("tests", Integer.toString(tests));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute("errors", Integer.toString(errors));
    xml.writeAttribute("skipped", "0");
  }

  private void endSuite() throws XMLStreamException {
    line(1);
    xml.writeEndElement();
  }

  private void test(String file, Outcome outcome) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", file);
    xml.writeAttribute("name", Printable.of(outcome.title()));
    xml.writeAttribute("file", file);
    xml.writeAttribute("line", Integer.toString(outcome.expectation().place().line()));
    if (!outcome.holds()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", Printable.of(outcome.mismatch()));
      for (String row : outcome.why().render().lines().toList()) {
        xml.writeCharacters(Printable.of(row) + "\n");
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
