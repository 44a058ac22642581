"""Run the unit tests of a Python file and report them in TAP, as the C tests do."""

import sys
import unittest


class TapResult(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.title = f"{self.testsRun} - {test.id().rpartition('.')[2].removeprefix('test_')}"

    def addSuccess(self, test):
        print(f"ok {self.title}")

    def addSkip(self, test, reason):
        print(f"ok {self.title} # SKIP {reason}")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        print(f"not ok {self.title}\n# " + self.failures[-1][1].replace("\n", "\n# "))

    def addError(self, test, error):
        super().addError(test, error)
        if not self.testsRun:  # what all of them need could not be set up
            print("Bail out! " + self.errors[-1][1].replace("\n", "\n# "))
            return
        print(f"not ok {self.title}\n# " + self.errors[-1][1].replace("\n", "\n# "))


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}")
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
