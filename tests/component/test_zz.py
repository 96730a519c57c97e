def test_it():
    import tests
    from tests.conftest import PEOPLE
    print(tests.__path__, __name__, len(PEOPLE))
    import sys; print(sys.modules['tests'])
