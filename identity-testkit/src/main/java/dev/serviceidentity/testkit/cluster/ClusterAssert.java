// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyChecker;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about who may reach whom; see {@link PolicyAssertions}. An end is {@code
 * namespace/name} of a pod or workload, {@code namespace/Kind/name}, an address, or {@code
 * external}, which is every public address.
 */
public final class ClusterAssert extends AbstractAssert<ClusterAssert, PolicyChecker> {
  private final Function<Question, Answer> asked;

  ClusterAssert(PolicyChecker checker, Function<Question, Answer> asked) {
    super(checker, ClusterAssert.class);
    this.asked = asked;
  }

  /**
   * Says who opens the connection.
   *
   * @param end one end
   * @return who needs the other end
   * @throws IllegalArgumentException if the text names nothing
   */
  public From from(String end) {
    return new From(asked, Reference.parse(end));
  }

  /**
   * Asserts a whole matrix; all mismatches are told at once, each with its explanation.
   *
   * @param table the port, such as {@code 8080} or {@code 53/UDP}, and who accepts, in the first
   *     line; in each other line who opens, and {@code allowed}, {@code denied}, {@code
   *     undecidable}, or {@code -} for what is not asked; all set apart by blanks
   * @return this
   * @throws IllegalArgumentException if the table is not written so or asks nothing, or an end is
   *     nobody
   */
  public ClusterAssert hasMatrix(String table) {
    return hasMatrix(table, Side.BOTH);
  }

  /**
   * Asserts a whole matrix, asking the policies of one side.
   *
   * @param table as of {@link #hasMatrix(String)}
   * @param side whose policies are asked
   * @return this
   * @throws IllegalArgumentException if the table is not written so or asks nothing, or an end is
   *     nobody
   */
  public ClusterAssert hasMatrix(String table, Side side) {
    ExpectedMatrix expected = ExpectedMatrix.parse(table, side);
    List<String> mismatches = expected.mismatches(asked);
    if (!mismatches.isEmpty()) {
      failWithMessage(
          "%s",
          "%d of %d flows are not as expected%n%n".formatted(mismatches.size(), expected.size())
              + String.join("%n%n".formatted(), mismatches));
    }
    return this;
  }

  /** Knows who opens the connection. */
  public static final class From {
    private final Function<Question, Answer> asked;
    private final Reference from;

    private From(Function<Question, Answer> asked, Reference from) {
      this.asked = asked;
      this.from = from;
    }

    /**
     * Says who accepts the connection.
     *
     * @param end the other end
     * @return who needs the port
     * @throws IllegalArgumentException if the text names nothing
     */
    public Ends to(String end) {
      return new Ends(asked, from, Reference.parse(end), Side.BOTH);
    }
  }

  /** Knows both ends of the connection. */
  public static final class Ends {
    private final Function<Question, Answer> asked;
    private final Reference from;
    private final Reference to;
    private final Side side;

    private Ends(Function<Question, Answer> asked, Reference from, Reference to, Side side) {
      this.asked = asked;
      this.from = from;
      this.to = to;
      this.side = side;
    }

    /**
     * Says whose policies are asked; those of both ends unless said here.
     *
     * @param asking the side
     * @return the same ends
     */
    public Ends onSide(Side asking) {
      return new Ends(asked, from, to, asking);
    }

    /**
     * Asks about a TCP port.
     *
     * @param number the port of the accepting pod
     * @return assertions about the answer
     * @throws IllegalArgumentException if an end is nobody, or there is no such port
     */
    public FlowAssert onPort(int number) {
      return onPort(number, Protocol.TCP);
    }

    /**
     * Asks about a port.
     *
     * @param number the port of the accepting pod
     * @param protocol its protocol
     * @return assertions about the answer
     * @throws IllegalArgumentException if an end is nobody, or there is no such port
     */
    public FlowAssert onPort(int number, Protocol protocol) {
      var question = new Question(from, to, new PortNumber(number, protocol), side);
      return new FlowAssert(question, asked.apply(question));
    }
  }
}
