// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.network.Explanation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/** Writes JSON for people and programs: indented, text made safe for terminals. */
final class Json {
  private final JsonGenerator generator;

  private Json(JsonGenerator generator) {
    this.generator = generator;
  }

  private interface Step {
    void run() throws IOException;
  }

  static void write(PrintWriter out, Consumer<Json> content) {
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.setPrettyPrinter(new DefaultPrettyPrinter());
      content.accept(new Json(generator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.print('\n');
  }

  private Json step(Step step) {
    try {
      step.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Json object(Runnable members) {
    step(generator::writeStartObject);
    members.run();
    return step(generator::writeEndObject);
  }

  /** The name of a member whose value comes next. */
  Json name(String name) {
    return step(() -> generator.writeFieldName(name));
  }

  <T> Json array(String name, List<T> items, Consumer<T> item) {
    step(() -> generator.writeArrayFieldStart(name));
    items.forEach(item);
    return step(generator::writeEndArray);
  }

  Json text(String name, String value) {
    return step(() -> generator.writeStringField(name, Printable.of(value)));
  }

  Json text(String value) {
    return step(() -> generator.writeString(Printable.of(value)));
  }

  Json flag(String name, boolean value) {
    return step(() -> generator.writeBooleanField(name, value));
  }

  Json number(String name, long value) {
    return step(() -> generator.writeNumberField(name, value));
  }

  /** The members that say what was asked. */
  Json question(Question question) {
    return text("from", question.from().toString())
        .text("to", question.to().toString())
        .text("protocol", question.port().protocol().name())
        .number("port", question.port().number());
  }

  Json explanation(Explanation why) {
    return object(
        () -> {
          text("summary", why.summary());
          array("sides", why.parts(), this::side);
          step(() -> generator.writeArrayFieldStart("findings"));
          why.parts().forEach(part -> part.findings().forEach(each -> finding(part, each)));
          step(generator::writeEndArray);
          array("decidedBy", why.decidedBy(), this::text);
        });
  }

  /** What is wrong with the manifests. */
  Json problems(List<LoadReport.Finding> problems) {
    return array("problems", problems, this::problem);
  }

  private void problem(LoadReport.Finding problem) {
    object(
        () ->
            text("severity", problem.severity().name())
                .text("file", problem.place().file())
                .number("line", problem.place().line())
                .text("kind", problem.subject().kind())
                .text("namespace", problem.subject().namespace())
                .text("name", problem.subject().name())
                .text("field", problem.field())
                .text("message", problem.message()));
  }

  private void side(Explanation.Part part) {
    object(() -> sideOf(part).text("verdict", part.verdict().name()).text("reason", part.reason()));
  }

  private Json sideOf(Explanation.Part part) {
    return text("side", part.side().name()).text("of", part.of());
  }

  private void finding(Explanation.Part part, Explanation.Finding finding) {
    object(
        () ->
            sideOf(part)
                .text("subject", finding.subject())
                .text("says", finding.says().name())
                .text("detail", finding.detail()));
  }
}
