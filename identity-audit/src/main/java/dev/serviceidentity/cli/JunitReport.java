// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes outcomes as the XML that CI servers read: one suite, one test case an expectation. */
final class JunitReport {
  private final XMLStreamWriter xml;

  private JunitReport(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static void write(PrintWriter out, Path file, List<Outcome> outcomes) {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      new JunitReport(xml).suite(Printable.of(file.toString()), outcomes);
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("The report cannot be written", e);
    }
    out.print('\n');
  }

  private void suite(String file, List<Outcome> outcomes) throws XMLStreamException {
    long failures = outcomes.stream().filter(outcome -> !outcome.holds()).count();
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    line(1);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", file);
    xml.writeAttribute("tests", Integer.toString(outcomes.size()));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", "0");
    for (Outcome outcome : outcomes) {
      line(2);
      test(file, outcome);
    }
    line(1);
    xml.writeEndElement();
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void test(String file, Outcome outcome) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", file);
    xml.writeAttribute("name", Printable.of(outcome.expectation().line() + ": " + outcome.title()));
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
